import Graph
import Language
import Tensors

/// What a node's key was made of the last time, in parts that can be compared and named.
struct NodeNote: Sendable, Equatable {
  struct Part: Sendable, Equatable {
    /// `op`, `revision`, `param lr`, `input style`, `seed`…
    var label: String
    /// Compared.
    var value: String
    /// Shown: what the value is, or where it comes from.
    var words: String
  }

  var key: Digest
  var parts: [Part] = []
  var seconds: Double?
  var bytes: Int?
  /// Why it ran when it last did.
  var reason: String?

  init(
    _ node: FlatGraph.Node, in outline: Outline, key: Digest, identities: [Int: Digest], inputWords: [Int: String],
    keys: KeyMaker, seed: UInt64
  ) {
    var parts: [Part] = []
    func add(_ label: String, _ value: String, _ words: String? = nil) {
      parts.append(Part(label: label, value: value, words: words ?? value))
    }
    add("op", node.op.name)
    add("revision", String(node.op.revision))
    for (name, value) in node.attributes.values.sorted(by: { $0.key < $1.key }) {
      add("param \(name)", value.description)
    }
    func words(_ operand: FlatGraph.Operand) -> String {
      switch operand {
      case .value(let index):
        if let text = inputWords[index] { return text }
        return outline.maker[index] >= 0 ? "result of \(outline.graph.nodes[outline.maker[index]].path)" : "given value"
      case .constant(.file(let path)): return "content of \(NodeNote.name(path))"
      case .constant: return "written value"
      case .item(let list, _): return words(list)
      case .list(let items): return items.first.map(words) ?? "empty list"
      }
    }
    func addInput(_ name: String, _ operand: FlatGraph.Operand) {
      let digest = try? keys.identity(operand) { value throws(Fault) in identities[value] ?? Digest(high: 0, low: 0) }
      add("input \(name)", digest?.description ?? "", words(operand))
    }
    for (port, list) in node.operands.enumerated() {
      let name = node.op.inputs.indices.contains(port) ? node.op.inputs[port].name : String(port)
      for (position, operand) in list.enumerated() { addInput(list.count > 1 ? "\(name)[\(position)]" : name, operand) }
    }
    for (number, body) in node.bodies.enumerated() {
      for (input, binding) in zip(body.graph.inputs, body.bindings) {
        switch binding {
        case .each(let operand), .shared(let operand): addInput(input.name, operand)
        case .state, .wrt: continue
        }
      }
      let index = outline.graph.nodes.firstIndex { $0.path == node.path }!
      let own = node.bodies.count > 1 ? "body \(number == 0 ? "then" : "else")" : "body"
      if let digest = try? outline.bodies[index]?[number].digest(keys) { add(own, digest.description, "its nodes") }
      parts += BodyNote.parts(of: body)
    }
    func addLoop(_ states: [FlatGraph.State], _ plan: FlatGraph.LoopPlan) {
      for state in states { addInput(state.name, state.start) }
      if let steps = plan.steps { add("until.steps", String(steps)) }
      if let seconds = plan.seconds { add("until.seconds", String(seconds)) }
      if let change = plan.relativeChange { add("until.relative_change", String(change)) }
      if let patience = plan.patience { add("until.patience", String(patience)) }
      add("keep", plan.keep.map { "\($0.name) \($0.mode.rawValue)" }.joined(separator: ", "))
      add("save_every", String(plan.saveEvery ?? 1))
    }
    if case .loop(_, let states, let plan) = node.structure { addLoop(states, plan) }
    if case .minimize(_, _, let wrt, let states, let loss, let plan) = node.structure {
      addLoop(wrt + states, plan)
      add("loss", loss)
    }
    if node.isRandom { add("seed", String(seed)) }
    if case .numeric = node.op.action { add("kernels", keys.numericFamily) }
    self.key = key
    self.parts = parts
  }

  static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// What differs from an earlier note, in words.
  func differences(from old: NodeNote) -> [String] {
    var texts: [String] = []
    func grouped(_ parts: [Part]) -> [String: Part] { Dictionary(parts.map { ($0.label, $0) }) { a, _ in a } }
    let before = grouped(old.parts)
    for part in parts where !BodyNote.isInside(part) {
      guard let was = before[part.label] else {
        texts.append("\(part.label) is new (\(part.words))")
        continue
      }
      if was.value == part.value { continue }
      if part.label.hasPrefix("input ") {
        texts.append("\(part.label) changed (\(part.words))")
      } else if part.label == "revision" {
        texts.append("op revision \(was.words) → \(part.words)")
      } else if part.label.hasPrefix("body") {
        let inside = BodyNote.differences(from: old.parts, to: parts)
        texts.append("its \(part.label) changed" + (inside.isEmpty ? "" : ": " + inside.joined(separator: ", ")))
      } else {
        texts.append("\(part.label) changed from \(was.words) to \(part.words)")
      }
    }
    let now = grouped(parts)
    for part in old.parts where now[part.label] == nil && !BodyNote.isInside(part) {
      texts.append("\(part.label) is gone (\(part.words))")
    }
    return texts
  }

  /// Why a node with this note runs although `old` may have run before.
  func reason(after old: NodeNote?) -> String {
    guard let old else { return "never ran" }
    let differences = differences(from: old)
    if !differences.isEmpty { return differences.joined(separator: "; ") }
    return old.key == key ? "its entry is not in the cache (evicted, not kept, or interrupted)" : "its inputs changed"
  }
}

extension NodeNote {
  func encode(_ writer: inout ByteWriter) {
    writer.put(key)
    writer.put(parts.count)
    for part in parts {
      writer.put(part.label)
      writer.put(part.value)
      writer.put(part.words)
    }
    writer.put(seconds ?? -1)
    writer.put(bytes ?? -1)
    writer.put(reason ?? "")
  }

  init(_ reader: inout ByteReader) throws(ByteReader.Damaged) {
    key = try reader.digest()
    for _ in 0..<(try reader.count(of: 24)) {
      parts.append(Part(label: try reader.text(), value: try reader.text(), words: try reader.text()))
    }
    let seconds = try reader.double()
    let bytes = try reader.int()
    let reason = try reader.text()
    self.seconds = seconds < 0 ? nil : seconds
    self.bytes = bytes < 0 ? nil : bytes
    self.reason = reason.isEmpty ? nil : reason
  }
}
