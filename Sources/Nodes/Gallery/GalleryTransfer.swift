import Gallery
import Language
import Models
import Tensors

/// Galleries as files of other programs: CSV, and NumPy's .npz.
public enum GalleryTransfer {
  /// Writes everything, and gives how many faces there were.
  public static func export(_ store: any FaceStore, to path: String) throws(Fault) -> Int {
    let encoder = try store.encoder()
    var samples: [Sample] = []
    try store.forEachSample(of: nil) { samples.append($0) }
    if path.hasSuffix(".npz") {
      try NPZ.write(members(samples, encoder), to: path, isPrivate: true)
    } else if path.hasSuffix(".csv") {
      try OutputFile.write(csv(samples, encoder), to: path, mode: 0o600)
    } else {
      throw .badTransfer(path)
    }
    return samples.count
  }

  /// Reads faces and what made them. `model` and `recipe` stand in for what the file does not say.
  public static func read(
    _ path: String, model: String? = nil, recipe: String? = nil
  ) throws(Fault) -> ([NewSample], EncoderIdentity) {
    let columns: Columns
    if path.hasSuffix(".npz") {
      columns = try Columns(npz: path)
    } else if path.hasSuffix(".csv") {
      columns = try Columns(csv: path)
    } else {
      throw .badTransfer(path)
    }
    guard let first = columns.embeddings.first, columns.people.count == columns.embeddings.count else {
      throw .badTable(path, "it holds \(columns.people.count) names and \(columns.embeddings.count) embeddings")
    }
    guard let made = columns.model ?? model else { throw .unknownEncoder(path) }
    let encoder = EncoderIdentity(
      model: made, name: columns.encoder ?? "", recipe: columns.recipe ?? recipe ?? "", dimension: first.count)
    let samples = columns.people.indices.map { index in
      NewSample(
        person: columns.people[index], embedding: columns.embeddings[index],
        source: columns.sources.indices.contains(index) ? columns.sources[index] : "",
        photo: columns.photos.indices.contains(index) ? columns.photos[index] : "",
        time: columns.times.indices.contains(index) ? columns.times[index] : nil)
    }
    return (samples, encoder)
  }

  private static func csv(_ samples: [Sample], _ encoder: EncoderIdentity?) -> String {
    let names =
      ["person", "source", "photo", "time", "model", "encoder", "recipe"]
      + (0..<(encoder?.dimension ?? 0)).map { "e\($0)" }
    var text = names.joined(separator: ",") + "\n"
    let made = [encoder?.model ?? "", encoder?.name ?? "", encoder?.recipe ?? ""].map(CSVText.cell)
    for sample in samples {
      let cells = [sample.person, sample.source, sample.photo].map(CSVText.cell) + [CSVText.number(sample.time)] + made
      text += (cells + sample.embedding.map(\.description)).joined(separator: ",") + "\n"
    }
    return text
  }

  private static func members(
    _ samples: [Sample], _ encoder: EncoderIdentity?
  ) -> [(name: String, content: NPZ.Content)] {
    let width = encoder?.dimension ?? 0
    return [
      ("person", .texts(samples.map(\.person))),
      ("embedding", .tensor(Tensor(shape: [samples.count, width], samples.flatMap(\.embedding)))),
      ("source", .texts(samples.map(\.source))), ("photo", .texts(samples.map(\.photo))),
      ("time", .tensor(Tensor(shape: [samples.count], samples.map(\.time)))),
      ("model", .texts([encoder?.model ?? ""], isSingle: true)),
      ("encoder", .texts([encoder?.name ?? ""], isSingle: true)),
      ("recipe", .texts([encoder?.recipe ?? ""], isSingle: true)),
    ]
  }

  /// What a file holds, before it is judged.
  private struct Columns {
    var people: [String] = []
    var embeddings: [[Float]] = []
    var sources: [String] = []
    var photos: [String] = []
    var times: [Double] = []
    var model: String?
    var encoder: String?
    var recipe: String?

    init(npz path: String) throws(Fault) {
      let archive = try NPZ(path)
      let names = archive.headers.map(\.name)
      func tensor(_ name: String) throws(Fault) -> Tensor? {
        guard let header = archive.headers.first(where: { $0.name == name }) else { return nil }
        return try archive.load(header)
      }
      func texts(_ name: String) throws(Fault) -> [String] { names.contains(name) ? try archive.texts(name) : [] }
      guard let matrix = try tensor("embedding"), matrix.rank == 2, names.contains("person") else {
        throw .badTable(path, "it needs the arrays person [N] and embedding [N, D]")
      }
      let (numbers, width) = (matrix.converted(to: .f32).elements(Float.self), matrix.shape[1])
      embeddings = (0..<matrix.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
      (people, sources, photos) = (try texts("person"), try texts("source"), try texts("photo"))
      times = try tensor("time")?.numbers ?? []
      model = try texts("model").first
      (encoder, recipe) = (try texts("encoder").first, try texts("recipe").first)
    }

    init(csv path: String) throws(Fault) {
      let rows = CSVText.rows(String(decoding: try FileContent.bytes(path), as: UTF8.self))
      guard let header = rows.first, let person = header.firstIndex(of: "person") else {
        throw .badTable(path, "its first line must name the columns person, e0, e1, …")
      }
      let width = header.count { $0.first == "e" && Int($0.dropFirst()) != nil }
      let places = (0..<width).map { header.firstIndex(of: "e\($0)") }
      guard width > 0, !places.contains(nil) else { throw .badTable(path, "it has no columns e0, e1, … without gaps") }
      for (index, row) in rows.enumerated().dropFirst() {
        guard row.count == header.count else {
          throw .badTable(path, "row \(index) has \(row.count) cells, the header has \(header.count)")
        }
        func cell(_ name: String) -> String? { header.firstIndex(of: name).map { row[$0] } }
        let numbers = places.map { Float(row[$0!].trimmed) }
        guard let gap = numbers.firstIndex(of: nil) else {
          embeddings.append(numbers.map { $0! })
          people.append(row[person])
          sources.append(cell("source") ?? "")
          photos.append(cell("photo") ?? "")
          if let time = cell("time").flatMap(Double.init) { times.append(time) }
          for (name, path) in [("model", \Columns.model), ("encoder", \Columns.encoder), ("recipe", \Columns.recipe)] {
            guard let text = cell(name) else { continue }
            if let known = self[keyPath: path], known != text {
              throw .badTable("row \(index)", "its \(name) is \"\(text)\", that of the rows before is \"\(known)\"")
            }
            self[keyPath: path] = text
          }
          continue
        }
        throw .badTable(path, "row \(index), column \"e\(gap)\": \"\(row[places[gap]!])\" is no number")
      }
    }
  }
}

extension Fault {
  static func badTransfer(_ path: String) -> Fault {
    Fault("gallery", "\(path): galleries are exported and imported as .csv or .npz")
  }

  static func unknownEncoder(_ path: String) -> Fault {
    Fault("gallery", "\(path) does not say what made its embeddings: name it with --model (and --recipe)")
  }
}
