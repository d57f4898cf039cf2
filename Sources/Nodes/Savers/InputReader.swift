import Glibc
import Images
import Language
import Models
import Tensors

/// Turns text from a command line into values of a declared type. `name` is the input's, for messages.
public enum InputReader {
  /// A value of `type`:
  /// `file`, `folder` a path that exists; `image` a picture file; `tensor` an .npy file or JSON lists of numbers; `table`
  /// a .csv file; `weights` a weight file; lists a JSON list, or items between commas, and of files also what `files`
  /// takes; records JSON; `T?` also `null`.
  public static func value(_ text: String, for type: ValueType, name: String) throws(Fault) -> Value {
    switch type {
    case .optional(let inner): return text == "null" ? .none : try value(text, for: inner, name: name)
    case .list(.named("file")): return .list(try files(text, name: name).map { .file($0) })
    case .list(let element):
      if text.trimmed.hasPrefix("[") { return try convert(json(text, type, name), to: type, name) }
      if text.isEmpty { return .list([]) }
      var items: [Value] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        items.append(try value(String(part).trimmed, for: element, name: name))
      }
      return .list(items)
    case .tensor(let wanted): return try tensor(text, wanted, type, name)
    case .image(let wanted):
      let image = try ImageFile.read(existing(text, name), DecodeOptions(format: wanted.format))
      let found = ImageType(format: image.format, height: Dim(image.height), width: Dim(image.width))
      try fit(type, .image(found), text, name)
      return .image(image)
    case .file: return .file(try existing(text, name))
    case .folder:
      guard FileContent.isFolder(text) == true else { throw .badInput(name, text, type, "it is no folder") }
      return .file(text)
    case .named("gallery"): return .store(GalleryStore.reference(text))
    case .table:
      let path = try existing(text, name)
      return .table(
        try CSVText.table(String(decoding: FileContent.bytes(path), as: UTF8.self), name: path))
    case .weights:
      let path = try existing(text, name)
      return .weights(try WeightFile(path).set(content: FileContent.digest(path)))
    case .named("record"), .named("box"), .named("face"), .named("point"):
      return try convert(json(text, type, name), to: type, name)
    case .named, .any: return Value(try literal(text, for: type, name: name))
    case .tuple, .stream: throw .unsupportedInput(name, type)
    }
  }

  /// A literal of `type`, for params: `bool`, `int`, `number`, `string`, `file`, lists of them, `literal` (JSON).
  public static func literal(_ text: String, for type: ValueType, name: String) throws(Fault) -> Literal {
    switch type {
    case .bool:
      guard text == "true" || text == "false" else { throw .badInput(name, text, type, "write true or false") }
      return .bool(text == "true")
    case .int:
      guard let value = Int(text.trimmed) else { throw .badInput(name, text, type) }
      return .int(value)
    case .number:
      guard let value = Double(text.trimmed), !value.isNaN else { throw .badInput(name, text, type) }
      return Int(text.trimmed).map { .int($0) } ?? .float(value)
    case .string, .file, .folder, .named("model"): return .string(text)
    case .optional(let inner): return text == "null" ? .null : try literal(text, for: inner, name: name)
    case .list(let element):
      if text.trimmed.hasPrefix("[") { return try json(text, type, name) }
      if text.isEmpty { return .array([]) }
      var items: [Literal] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        items.append(try literal(String(part).trimmed, for: element, name: name))
      }
      return .array(items)
    case .any, .named: return try json(text, type, name)
    default: throw .unsupportedInput(name, type)
    }
  }

  /// The files that a path, a glob, a folder or `@list.txt` (one path per line) stands for; sorted bytewise, except a
  /// list, which keeps its order, and items between commas or in a JSON list.
  public static func files(_ text: String, name: String) throws(Fault) -> [String] {
    if FileContent.isFolder(text) == false { return [text] }
    if text.hasPrefix("@") {
      let list = try existing(String(text.dropFirst()), name)
      let lines = String(decoding: try FileContent.bytes(list), as: UTF8.self).split(whereSeparator: \.isNewline)
      var paths: [String] = []
      for line in lines where !line.allSatisfy({ $0 == " " || $0 == "\t" }) {
        paths.append(try existing(String(line).trimmed, name))
      }
      return paths
    }
    if FileContent.isFolder(text) == true {
      let folder = text.hasSuffix("/") ? String(text.dropLast()) : text
      let paths = try FileContent.names(folder).map { "\(folder)/\($0)" }
        .filter { FileContent.isFolder($0) == false }
      guard !paths.isEmpty else { throw .emptyFolder(name, text) }
      return paths
    }
    if text.trimmed.hasPrefix("["), case .array(let items)? = try? JSONLiteral.parse(text) {
      var paths: [String] = []
      for item in items {
        guard case .string(let path) = item else { throw .badInput(name, text, .list(.file)) }
        paths.append(try existing(path, name))
      }
      return paths
    }
    if text.contains(where: { "*?[".contains($0) }) {
      let paths = Glob.files(text)
      guard !paths.isEmpty else { throw .noMatch(name, text) }
      return paths
    }
    if text.contains(",") {
      var paths: [String] = []
      for part in text.split(separator: ",") { paths += try files(String(part).trimmed, name: name) }
      return paths
    }
    return [try existing(text, name)]
  }

  /// The path, if something lies there; else a fault that knows what lies beside it.
  private static func existing(_ path: String, _ name: String) throws(Fault) -> String {
    if FileContent.isFolder(path) != nil { return path }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let last = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let names = (try? FileContent.names(folder.isEmpty ? "." : folder)) ?? []
    let near = Suggestion.nearest(to: last, in: names).map { " (did you mean \"\(folder)\($0)\"?)" } ?? ""
    throw .noSuchFile(name, path, near)
  }

  private static func json(_ text: String, _ type: ValueType, _ name: String) throws(Fault) -> Literal {
    do throws(Fault) { return try JSONLiteral.parse(text) } catch {
      throw .badInput(name, text, type, error.message)
    }
  }

  private static func tensor(
    _ text: String, _ wanted: TensorType, _ type: ValueType, _ name: String
  ) throws(Fault) -> Value {
    let tensor: Tensor
    if text.trimmed.hasPrefix("[") || Double(text.trimmed) != nil {
      guard let inline = InlineTensor.read(try json(text, type, name)) else {
        throw .badInput(name, text, type, "its lists are not equally long, or hold something else than numbers")
      }
      tensor = wanted.dtype.map { inline.converted(to: $0) } ?? inline
    } else {
      tensor = try NPY.read(existing(text, name))
    }
    let found = TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) })
    try fit(type, .tensor(found), text, name)
    return .tensor(tensor)
  }

  private static func fit(_ type: ValueType, _ found: ValueType, _ text: String, _ name: String) throws(Fault) {
    var unifier = Unifier()
    do throws(Unifier.Mismatch) { try unifier.match(type, found) } catch {
      throw .badInput(name, text, type, error.text)
    }
  }

  /// A literal as a value of `type`: tensors from lists, files from strings.
  private static func convert(_ literal: Literal, to type: ValueType, _ name: String) throws(Fault) -> Value {
    switch (type, literal) {
    case (.list(let element), .array(let items)):
      var values: [Value] = []
      for item in items { values.append(try convert(item, to: element, name)) }
      return .list(values)
    case (.tensor(let wanted), _):
      guard let tensor = InlineTensor.read(literal) else { throw .badInput(name, literal.description, type) }
      return .tensor(wanted.dtype.map { tensor.converted(to: $0) } ?? tensor)
    case (.file, .string(let path)), (.folder, .string(let path)): return .file(try existing(path, name))
    case (.optional, .null): return .none
    case (.optional(let inner), _): return try convert(literal, to: inner, name)
    case (.number, .int(let value)): return .number(Double(value))
    case (.number, .float), (.int, .int), (.bool, .bool), (.string, .string), (.any, _), (.named("literal"), _):
      return Value(literal)
    case (.named("record"), .object), (.named("box"), .object), (.named("face"), .object),
      (.named("point"), .object):
      return Value(literal)
    default: throw .badInput(name, literal.description, type)
    }
  }
}

/// Tensors written as JSON.
enum InlineTensor {
  /// f32, the shape of the nesting; nil when lists differ in length or hold something else than numbers.
  static func read(_ literal: Literal) -> Tensor? {
    var shape: [Int] = []
    var probe = literal
    while case .array(let items) = probe {
      shape.append(items.count)
      guard let first = items.first else { break }
      probe = first
    }
    var numbers: [Float] = []
    func collect(_ literal: Literal, _ axis: Int) -> Bool {
      if axis == shape.count {
        guard let number = literal.number else { return false }
        numbers.append(Float(number))
        return true
      }
      guard case .array(let items) = literal, items.count == shape[axis] else { return false }
      return items.allSatisfy { collect($0, axis + 1) }
    }
    return collect(literal, 0) ? Tensor(shape: shape, numbers) : nil
  }
}
