import Language

/// Writes a drawing as Graphviz DOT.
public struct DotWriter {
  /// What a trace or a cache says about a box, by path.
  public struct Note: Sendable {
    public var seconds: Double?
    /// Share of the run's time, 0 to 1.
    public var share: Double?
    public var bytes: Int?
    public var isCached: Bool
    public var isCritical: Bool

    public init(
      seconds: Double? = nil, share: Double? = nil, bytes: Int? = nil, isCached: Bool = false, isCritical: Bool = false
    ) {
      self.seconds = seconds
      self.share = share
      self.bytes = bytes
      self.isCached = isCached
      self.isCritical = isCritical
    }
  }

  private let drawing: Drawing
  private let notes: [String: Note]
  private var lines: [String] = []

  public static func text(_ drawing: Drawing, notes: [String: Note] = [:]) -> String {
    var writer = DotWriter(drawing, notes)
    return writer.write()
  }

  private init(_ drawing: Drawing, _ notes: [String: Note]) {
    self.drawing = drawing
    self.notes = notes
  }

  private mutating func write() -> String {
    lines = [
      "digraph \(DotWriter.quoted(drawing.root.title)) {",
      "  graph [rankdir=TB, fontname=\"Helvetica\", fontsize=12, nodesep=0.3, ranksep=0.45, bgcolor=\"white\","
        + " labelloc=t, label=\(DotWriter.quoted(drawing.root.title))];",
      "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, color=\"#5b6770\","
        + " fillcolor=\"#f4f6f8\", margin=\"0.12,0.06\"];",
      "  edge [fontname=\"Helvetica\", fontsize=8, color=\"#8795a1\", fontcolor=\"#5b6770\", arrowsize=0.7];",
    ]
    write(drawing.root, indent: "  ")
    for edge in drawing.edges { write(edge) }
    lines.append("}")
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func write(_ cluster: Drawing.Cluster, indent: String) {
    for box in cluster.boxes { lines.append(indent + line(box)) }
    for inner in cluster.clusters {
      lines.append("\(indent)subgraph \(DotWriter.quoted("cluster_" + inner.path)) {")
      let (fill, edge) = inner.isBody ? ("#fff8e8", "#d9a441") : ("#f9fbfd", "#b8c4ce")
      lines.append(
        "\(indent)  graph [label=\(DotWriter.quoted(inner.title)), style=\"rounded,filled\", fillcolor=\"\(fill)\", color=\"\(edge)\","
          + " labeljust=l, fontsize=10];")
      write(inner, indent: indent + "  ")
      lines.append("\(indent)}")
    }
  }

  private func line(_ box: Drawing.Box) -> String {
    let note = notes[box.id]
    var attributes: [String] = []
    switch box.kind {
    case .input: attributes += ["shape=ellipse", "fillcolor=\"#e3f1e3\""]
    case .output: attributes += ["shape=ellipse", "fillcolor=\"#e4e9f7\"", "penwidth=1.6"]
    case .state: attributes += ["shape=ellipse", "style=\"filled,dashed\"", "fillcolor=\"#fdebc8\""]
    case .weights: attributes += ["shape=cylinder", "style=filled", "fillcolor=\"#ece6f3\""]
    case .call: attributes += ["peripheries=2", "fillcolor=\"\(DotWriter.fill(box.op))\""]
    case .node: attributes += ["fillcolor=\"\(DotWriter.fill(box.op))\""]
    }
    if let note {
      if let share = note.share { attributes.append("fillcolor=\"\(DotWriter.heat(share))\"") }
      if note.isCached { attributes.append("style=\"rounded,filled,dashed\"") }
      if note.isCritical { attributes += ["penwidth=2.4", "color=\"#b3261e\""] }
    }
    var label = "<b>\(DotWriter.escaped(box.name))</b>"
    if !box.op.isEmpty {
      label += "<br/><font point-size=\"9\" color=\"#5b6770\">\(DotWriter.escaped(box.op))</font>"
    }
    if let measured = note.map(DotWriter.measured), !measured.isEmpty {
      label += "<br/><font point-size=\"9\">\(DotWriter.escaped(measured))</font>"
    }
    if let doc = box.doc { attributes.append("tooltip=\(DotWriter.quoted(doc))") }
    return "\(DotWriter.quoted(box.id)) [label=<\(label)>, \(attributes.joined(separator: ", "))];"
  }

  private mutating func write(_ edge: Drawing.Edge) {
    let label = [edge.label, edge.type].filter { !$0.isEmpty }.joined(separator: ": ")
    let tip = DotWriter.quoted("\(edge.from) → \(edge.to)  \(edge.fullType)")
    // Blanks keep the text clear of the line it stands beside.
    var attributes = ["label=\(DotWriter.quoted(label.isEmpty ? "" : "  \(label)  "))"]
    attributes += ["tooltip=\(tip)", "labeltooltip=\(tip)"]
    if edge.isEach { attributes += ["style=dashed", "arrowhead=veevee"] }
    if notes[edge.from]?.isCritical == true, notes[edge.to]?.isCritical == true {
      attributes += ["color=\"#b3261e\"", "penwidth=1.8"]
    }
    lines.append(
      "  \(DotWriter.quoted(edge.from)) -> \(DotWriter.quoted(edge.to)) [\(attributes.joined(separator: ", "))];")
  }

  /// `12.3 ms  41 %  3.1 MB`.
  private static func measured(_ note: Note) -> String {
    var parts: [String] = []
    if let seconds = note.seconds { parts.append(Quantity.seconds(seconds)) }
    if let share = note.share { parts.append("\(Int((share * 100).rounded())) %") }
    if let bytes = note.bytes { parts.append(Quantity.bytes(bytes)) }
    if note.isCached { parts.append("cached") }
    return parts.joined(separator: "  ")
  }

  /// Light to deep orange by share of time.
  private static func heat(_ share: Double) -> String {
    let level = min(1, max(0, share.squareRoot()))
    func mix(_ from: Double, _ to: Double) -> String {
      let value = String(Int(from + (to - from) * level), radix: 16)
      return value.utf8.count == 1 ? "0" + value : value
    }
    return "#" + mix(250, 240) + mix(248, 120) + mix(240, 60)
  }

  /// One quiet colour per op family.
  private static func fill(_ op: String) -> String {
    switch op.split(separator: ".").first {
    case "image": "#e5f2f7"
    case "nn": "#f0eaf7"
    case "math", "tensor": "#eef3e6"
    case "optim": "#fdebc8"
    case "face": "#fbe9e7"
    default: "#f4f6f8"
    }
  }

  static func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "\n" ? "\\n" : String($0) }.joined() + "\""
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }
}
