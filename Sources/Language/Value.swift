import Tensors

/// A value on an edge while a graph runs.
public enum Value: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case tensor(Tensor)
  case image(Image)
  case list([Value])
  case record(Record)
  case table(Table)
  /// Apart, or every other value would be as large.
  indirect case weights(WeightSet)
  case stream(DataStream)
  /// A file or folder by path; stands for its content.
  case file(String)
  /// A gallery; stands for its present state.
  case store(StoreReference)
}

/// Named fields in a fixed order.
public struct Record: Sendable {
  public var fields: [(name: String, value: Value)]

  public init(_ fields: [(name: String, value: Value)]) { self.fields = fields }

  public subscript(name: String) -> Value? { fields.first { $0.name == name }?.value }
}

/// Columns of numbers under names, rows in order: a loss curve, a log.
public struct Table: Sendable, Equatable {
  public var columns: [String]
  public var rows: [[Double]]

  public init(columns: [String], rows: [[Double]] = []) {
    self.columns = columns
    self.rows = rows
  }
}

/// Named tensors, read when asked for: an open weight file, initial weights, or what a training made.
public struct WeightSet: Sendable {
  /// Types by name.
  public let types: [String: TensorType]
  /// Digest of where the numbers come from (file content and renames), known without reading them.
  public let digest: Digest
  /// Where the set comes from, for messages.
  public let source: String
  /// Made by a run, not a view of a file: worth storing whatever its size.
  public let isResult: Bool
  /// Names that a training leaves as they are.
  public let isFrozen: (@Sendable (String) -> Bool)?
  /// Makes a tensor of a name the set lacks, from the shape and the initialiser (as a literal) that a network declares;
  /// nil: such a tensor is missing.
  public let start: Start?
  public let load: @Sendable (String) throws(Fault) -> Tensor

  public typealias Start = @Sendable (_ name: String, _ shape: [Int], _ initial: Literal) throws(Fault) -> Tensor

  public init(
    types: [String: TensorType], digest: Digest, source: String, isResult: Bool = false,
    isFrozen: (@Sendable (String) -> Bool)? = nil, start: Start? = nil,
    load: @escaping @Sendable (String) throws(Fault) -> Tensor
  ) {
    self.types = types
    self.digest = digest
    self.source = source
    self.isResult = isResult
    self.isFrozen = isFrozen
    self.start = start
    self.load = load
  }
}

extension Value {
  public init(_ literal: Literal) {
    switch literal {
    case .null: self = .none
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .array(let items): self = .list(items.map(Value.init))
    case .object(let fields):
      self = .record(Record(fields.sorted { $0.key < $1.key }.map { ($0.key, Value($0.value)) }))
    }
  }

  public var isNone: Bool { if case .none = self { true } else { false } }

  /// What the value is, for messages.
  public var kind: String {
    switch self {
    case .none: "nothing"
    case .bool: "a boolean"
    case .int: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .tensor(let tensor): "a tensor \(tensor.dtype.rawValue)\(tensor.shape)"
    case .image(let image): "an image \(image.width)×\(image.height)"
    case .list(let items): "a list of \(items.count)"
    case .record: "a record"
    case .table: "a table"
    case .weights: "weights"
    case .stream(let stream): "a stream of \(stream.type)"
    case .file: "a file"
    case .store: "a gallery"
    }
  }

  /// Bytes of memory behind the value, for accounting; mapped weights count as nothing.
  public var byteCount: Int {
    switch self {
    case .none, .bool, .int, .number, .weights, .stream, .store: 16
    case .string(let text), .file(let text): 16 + text.utf8.count
    case .tensor(let tensor): tensor.byteCount
    case .image(let image): image.pixels.byteCount
    case .list(let items): items.reduce(16) { $0 + $1.byteCount }
    case .record(let record): record.fields.reduce(16) { $0 + $1.value.byteCount }
    case .table(let table): table.rows.count * table.columns.count * 8
    }
  }

  /// Paths of the files in it, in order.
  public var files: [String] {
    switch self {
    case .file(let path): [path]
    case .list(let items): items.flatMap(\.files)
    case .record(let record): record.fields.flatMap(\.value.files)
    default: []
    }
  }

  /// Content digest; `file` gives a file's.
  public func digest<E: Error>(file: (String) throws(E) -> Digest) throws(E) -> Digest {
    var hasher = ContentHasher()
    switch self {
    case .none: hasher.combine("none")
    case .bool(let value):
      hasher.combine("bool")
      hasher.combine(value)
    case .int(let value):
      hasher.combine("int")
      hasher.combine(value)
    case .number(let value):
      hasher.combine("number")
      hasher.combine(value)
    case .string(let value):
      hasher.combine("string")
      hasher.combine(value)
    case .tensor(let tensor): return tensor.digest
    case .image(let image): return image.digest
    case .list(let items):
      hasher.combine("list")
      hasher.combine(items.count)
      for item in items { hasher.combine(try item.digest(file: file)) }
    case .record(let record):
      hasher.combine("record")
      hasher.combine(record.fields.count)
      for field in record.fields {
        hasher.combine(field.name)
        hasher.combine(try field.value.digest(file: file))
      }
    case .table(let table):
      hasher.combine("table")
      hasher.combine(table.columns.count)
      for column in table.columns { hasher.combine(column) }
      hasher.combine(table.rows.count)
      for row in table.rows { for value in row { hasher.combine(value) } }
    case .weights(let set): return set.digest
    case .stream(let stream): return stream.digest
    case .file(let path):
      hasher.combine("file")
      hasher.combine(try file(path))
    case .store(let store):
      hasher.combine("store")
      hasher.combine(store.state())
    }
    return hasher.digest
  }
}
