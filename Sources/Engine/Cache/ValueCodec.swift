import Language
import Tensors

/// The binary form of values on disk. Numbers of tensors lie at multiples of 64 bytes, so that a file read into memory
/// serves as the tensors' own buffer.
enum ValueCodec {
  private static let magic: UInt64 = 0x3130_3056_5446_4557  // "WEFTV001"
  private static let deepest = 64

  /// The bytes of `value`, or nil when it is not worth or not capable of storing: weights above `weightLimit` bytes,
  /// and weights that cannot be read.
  static func encode(_ value: Value, weightLimit: Int = 1 << 20) -> ByteWriter? {
    var writer = ByteWriter()
    writer.put(magic)
    return put(value, weightLimit, &writer) ? writer : nil
  }

  static func decode(_ buffer: Buffer) -> Value? {
    var reader = ByteReader(buffer)
    guard let head = try? reader.word(), head == magic, let value = try? take(&reader, 0), reader.remaining == 0
    else { return nil }
    return value
  }

  private static func put(_ value: Value, _ limit: Int, _ writer: inout ByteWriter) -> Bool {
    switch value {
    case .none: writer.put(byte: 0)
    case .bool(let flag): writer.put(byte: flag ? 2 : 1)
    case .int(let number):
      writer.put(byte: 3)
      writer.put(number)
    case .number(let number):
      writer.put(byte: 4)
      writer.put(number)
    case .string(let text):
      writer.put(byte: 5)
      writer.put(text)
    case .tensor(let tensor):
      writer.put(byte: 6)
      put(tensor, &writer)
    case .image(let image):
      writer.put(byte: 7)
      writer.put(image.format.rawValue)
      put(image.pixels, &writer)
    case .list(let items):
      writer.put(byte: 8)
      writer.put(items.count)
      for item in items { guard put(item, limit, &writer) else { return false } }
    case .record(let record):
      writer.put(byte: 9)
      writer.put(record.fields.count)
      for field in record.fields {
        writer.put(field.name)
        guard put(field.value, limit, &writer) else { return false }
      }
    case .table(let table):
      writer.put(byte: 10)
      writer.put(table.columns.count)
      for column in table.columns { writer.put(column) }
      writer.put(table.rows.count)
      for row in table.rows { for number in row { writer.put(number) } }
    case .weights(let set): return put(set, limit, &writer)
    case .stream: return false
    case .file(let path):
      writer.put(byte: 12)
      writer.put(path)
    // The store lies elsewhere; its state of now says nothing later.
    case .store: return false
    }
    return true
  }

  private static func put(_ tensor: Tensor, _ writer: inout ByteWriter) {
    writer.put(tensor.dtype.rawValue)
    writer.put(tensor.shape.count)
    for extent in tensor.shape { writer.put(extent) }
    writer.align(64)
    writer.put(elements: tensor)
  }

  private static func put(_ set: WeightSet, _ limit: Int, _ writer: inout ByteWriter) -> Bool {
    // What makes tensors when asked cannot be written down.
    guard set.start == nil, set.isFrozen == nil else { return false }
    var tensors: [(String, Tensor)] = []
    var bytes = 0
    let limit = set.isResult ? Int.max : limit
    for (name, type) in set.types.sorted(by: { $0.key < $1.key }) {
      guard let (dtype, shape) = type.concrete else { return false }
      bytes += shape.reduce(dtype.size, *)
      guard bytes <= limit, let tensor = try? set.load(name) else { return false }
      tensors.append((name, tensor))
    }
    writer.put(byte: 11)
    writer.put(set.digest)
    writer.put(set.source)
    writer.put(tensors.count)
    for (name, tensor) in tensors {
      writer.put(name)
      put(tensor, &writer)
    }
    return true
  }

  private static func take(_ reader: inout ByteReader, _ depth: Int) throws(ByteReader.Damaged) -> Value {
    guard depth < deepest else { throw ByteReader.Damaged() }
    switch try reader.byte() {
    case 0: return .none
    case 1: return .bool(false)
    case 2: return .bool(true)
    case 3: return .int(try reader.int())
    case 4: return .number(try reader.double())
    case 5: return .string(try reader.text())
    case 6: return .tensor(try tensor(&reader))
    case 7:
      let format = PixelFormat(rawValue: try reader.text())
      let pixels = try tensor(&reader)
      guard let format, pixels.rank == 3, pixels.shape[2] == format.channels, pixels.dtype == format.dtype else {
        throw ByteReader.Damaged()
      }
      return .image(Image(format: format, pixels: pixels))
    case 8:
      let count = try reader.count(of: 1)
      var items: [Value] = []
      items.reserveCapacity(count)
      for _ in 0..<count { items.append(try take(&reader, depth + 1)) }
      return .list(items)
    case 9:
      let count = try reader.count(of: 9)
      var fields: [(name: String, value: Value)] = []
      for _ in 0..<count { fields.append((try reader.text(), try take(&reader, depth + 1))) }
      return .record(Record(fields))
    case 10: return .table(try table(&reader))
    case 11: return .weights(try weights(&reader))
    case 12: return .file(try reader.text())
    default: throw ByteReader.Damaged()
    }
  }

  private static func tensor(_ reader: inout ByteReader) throws(ByteReader.Damaged) -> Tensor {
    guard let dtype = DType(rawValue: try reader.text()) else { throw ByteReader.Damaged() }
    let rank = try reader.count(of: 8)
    var shape: [Int] = []
    var bytes = dtype.size
    for _ in 0..<rank {
      let extent = try reader.int()
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { throw ByteReader.Damaged() }
      bytes = product
      shape.append(extent)
    }
    try reader.align(64)
    let offset = reader.position
    _ = try reader.take(bytes)
    return Tensor(dtype: dtype, shape: shape, buffer: reader.buffer, offset: offset)
  }

  private static func table(_ reader: inout ByteReader) throws(ByteReader.Damaged) -> Table {
    var columns: [String] = []
    for _ in 0..<(try reader.count(of: 8)) { columns.append(try reader.text()) }
    let rows = try reader.int()
    guard rows >= 0, columns.isEmpty ? rows == 0 : rows <= reader.remaining / (8 * columns.count) else {
      throw ByteReader.Damaged()
    }
    var table = Table(columns: columns)
    table.rows.reserveCapacity(rows)
    for _ in 0..<rows {
      var row: [Double] = []
      for _ in columns { row.append(try reader.double()) }
      table.rows.append(row)
    }
    return table
  }

  private static func weights(_ reader: inout ByteReader) throws(ByteReader.Damaged) -> WeightSet {
    let digest = try reader.digest()
    let source = try reader.text()
    var tensors: [String: Tensor] = [:]
    for _ in 0..<(try reader.count(of: 8)) { tensors[try reader.text()] = try tensor(&reader) }
    let types = tensors.mapValues { TensorType(dtype: $0.dtype, shape: $0.shape.map { Dim($0) }) }
    return WeightSet(types: types, digest: digest, source: source) { [tensors] name throws(Fault) in
      guard let tensor = tensors[name] else { throw .noSuchWeight(name, source, tensors.keys.sorted()) }
      return tensor
    }
  }
}
