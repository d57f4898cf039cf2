import Images
import Language
import Models
import Tensors

/// Writes values to files, in the format that the path's extension names. Atomic: a path holds the old file or the new.
public struct Saver: Sendable {
  /// The settings an output may have beside its template.
  public static let settings: [Param] = [
    Param("format", .choice(Format.allCases.map(\.rawValue)), default: .null, "the format, whatever the path ends in"),
    Param("quality", .int(1...100), default: .int(92), "of JPEG"),
    Param("sampling", .choice(JPEGSettings.Sampling.allCases.map(\.rawValue)), default: .string("4:4:4"), "of JPEG"),
    Param("background", .string, default: .null, "colour behind alpha in JPEG"),
    Param("level", .int(0...9), default: .int(6), "of PNG compression"),
    Param("dtype", .choice(["f32", "f16", "bf16"]), default: .string("f32"), "of the numbers of weights"),
    Param("delay", .int(1...60_000), default: .int(100), "of an animated PNG: milliseconds per picture"),
  ]

  public enum Format: String, Sendable, CaseIterable {
    case png, apng, jpg, npy, csv, json, jsonl, txt, html, safetensors, tfevents

    /// The format a path is written in: by its extension, in any case.
    public init?(path: String) {
      let name = path.split(separator: "/").last ?? ""
      // TensorBoard looks for files with this anywhere in the name.
      if name.contains("tfevents") {
        self = .tfevents
        return
      }
      guard let dot = name.lastIndex(of: ".") else { return nil }
      let ending = name[name.index(after: dot)...].lowercased()
      self.init(rawValue: ending == "jpeg" ? "jpg" : ending)
    }
  }

  private let attributes: Attributes

  /// Checks the settings; `given` is what the output says beside its path.
  public init(_ given: [String: Literal] = [:]) throws(Fault) {
    var values: [String: Literal] = [:]
    let names = Saver.settings.map(\.name)
    for name in given.keys.sorted() where !names.contains(name) { throw .unknownSaveSetting(name, names) }
    for param in Saver.settings {
      values[param.name] = try param.check(given[param.name] ?? param.fallback ?? .null).get()
    }
    attributes = Attributes(values)
    _ = try attributes.colour("background")
  }

  /// The extension under which a value is written when nothing says otherwise.
  public static func ending(for value: Value) -> String {
    switch value {
    case .image: Format.png.rawValue
    case .tensor: Format.npy.rawValue
    case .table: Format.csv.rawValue
    case .weights: Format.safetensors.rawValue
    default: Format.json.rawValue
    }
  }

  /// The same by type, for what is not computed yet.
  public static func ending(for type: ValueType) -> String {
    switch type {
    case .image: Format.png.rawValue
    case .tensor: Format.npy.rawValue
    case .table: Format.csv.rawValue
    case .weights: Format.safetensors.rawValue
    case .optional(let inner): ending(for: inner)
    default: Format.json.rawValue
    }
  }

  /// The format a value would be written in under `path`.
  public func format(_ path: String) throws(Fault) -> Format {
    if attributes.has("format") { return Format(rawValue: attributes.string("format"))! }
    guard let format = Format(path: path) else { throw .unknownSaveFormat(path) }
    return format
  }

  /// Refuses what `write` would refuse, as far as the type tells.
  public func check(_ type: ValueType, path: String) throws(Fault) {
    let format = try format(path)
    let fits: Bool
    switch (type, format) {
    case (.any, _), (_, .json): fits = type != .weights && !type.isImage
    case (.optional(let inner), _): return try check(inner, path: path)
    case (.image, .png), (.image, .jpg), (.table, .csv), (.weights, .safetensors): fits = true
    case (.list(.image), .apng), (.list(.any), .apng): fits = true
    case (.tuple(let items), .apng): fits = items.allSatisfy(\.isImage)
    case (.tensor, .npy), (.tensor, .csv): fits = true
    case (.list, .csv), (.tuple, .csv), (.table, .jsonl), (.table, .tfevents): fits = true
    case (.string, .html), (.string, .txt), (.number, .txt), (.int, .txt), (.bool, .txt): fits = true
    default: fits = false
    }
    guard fits || type == .any else { throw .cannotSave("\(type)", path, format.rawValue) }
  }

  /// Writes `value`, making the folders above `path`. `column` names the column of a list of numbers written as CSV.
  public func write(_ value: Value, to path: String, column: String = "value") throws(Fault) {
    let format = try format(path)
    try OutputFile.makeFolder(of: path)
    switch (value, format) {
    case (.image(let image), .png):
      try ImageFile.write(image, to: path, .png(PNGSettings(level: attributes.int("level"))))
    case (.image(let image), .jpg):
      try ImageFile.write(
        image, to: path,
        .jpeg(
          JPEGSettings(
            quality: attributes.int("quality"),
            sampling: JPEGSettings.Sampling(rawValue: attributes.string("sampling"))!,
            background: try attributes.colour("background"))))
    case (.list(let items), .apng):
      var frames: [Image] = []
      for item in items {
        guard case .image(let image) = item else { throw .cannotSave(item.kind, path, format.rawValue) }
        frames.append(image)
      }
      try ImageFile.write(
        frames, to: path, AnimatedPNG(delay: attributes.int("delay"), level: attributes.int("level")))
    case (.tensor(let tensor), .npy): try NPY.write(tensor, to: path)
    case (.weights(let set), .safetensors):
      var tensors: [(name: String, tensor: Tensor)] = []
      let dtype = DType(rawValue: attributes.string("dtype"))!
      for name in set.types.keys.sorted() {
        let tensor = try set.load(name)
        tensors.append((name, tensor.dtype == .f32 ? tensor.converted(to: dtype) : tensor))
      }
      try Safetensors.write(tensors, to: path)
    case (_, .csv):
      guard let table = Saver.table(value, column: column) else { throw .cannotSave(value.kind, path, "csv") }
      try OutputFile.write(CSVText.of(table), to: path)
    case (.table(let table), .jsonl): try OutputFile.write(JSONText.lines(of: table), to: path)
    case (.table(let table), .tfevents): try OutputFile.write(EventFile.bytes(of: table), to: path)
    case (_, .json):
      guard let text = JSONText.of(value, largestTensor: .max) else { throw .cannotSave(value.kind, path, "json") }
      try OutputFile.write(text + "\n", to: path)
    case (.string(let text), .txt), (.string(let text), .html):
      try OutputFile.write(text + (text.hasSuffix("\n") ? "" : "\n"), to: path)
    case (.number, .txt), (.int, .txt), (.bool, .txt):
      try OutputFile.write(JSONText.of(value)! + "\n", to: path)
    default: throw .cannotSave(value.kind, path, format.rawValue)
    }
  }

  /// The rows that a value makes: a table, a list of single numbers (one column), a list of records of numbers, or a
  /// tensor of rank 1 or 2.
  static func table(_ value: Value, column: String) -> Table? {
    switch value {
    case .table(let table): return table
    case .tensor(let tensor) where tensor.rank == 1:
      return Table(columns: [column], rows: tensor.numbers.map { [$0] })
    case .tensor(let tensor) where tensor.rank == 2:
      let (numbers, width) = (tensor.numbers, tensor.shape[1])
      return Table(
        columns: (0..<width).map(String.init),
        rows: (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) })
    case .list(let items):
      if case .record(let first)? = items.first {
        let names = first.fields.map(\.name)
        let rows = items.compactMap { item -> [Double]? in
          guard case .record(let record) = item, record.fields.map(\.name) == names else { return nil }
          let row = record.fields.compactMap(\.value.scalar)
          return row.count == names.count ? row : nil
        }
        return rows.count == items.count ? Table(columns: names, rows: rows) : nil
      }
      let numbers = items.compactMap(\.scalar)
      return numbers.count == items.count ? Table(columns: [column], rows: numbers.map { [$0] }) : nil
    default: return nil
    }
  }
}

extension ValueType {
  var isImage: Bool { if case .image = self { true } else { false } }
}
