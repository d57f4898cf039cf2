import Images
import Language
import Tensors

/// A rectangle by its corners, in pixels of the photo, whose own corners are (0, 0) and (width, height). It may reach
/// beyond the photo.
struct Box: Sendable, Hashable {
  var x1, y1, x2, y2: Double

  var width: Double { x2 - x1 }
  var height: Double { y2 - y1 }
  var area: Double { max(0, width) * max(0, height) }
  var centre: Point { Point((x1 + x2) / 2, (y1 + y2) / 2) }

  var value: Value { .list([.number(x1), .number(y1), .number(x2), .number(y2)]) }

  init(x1: Double, y1: Double, x2: Double, y2: Double) { (self.x1, self.y1, self.x2, self.y2) = (x1, y1, x2, y2) }

  /// [x1, y1, x2, y2].
  init?(_ value: Value?) {
    guard let numbers = value?.numberList, numbers.count == 4 else { return nil }
    (x1, y1, x2, y2) = (numbers[0], numbers[1], numbers[2], numbers[3])
  }
}

/// A face: a record with `box` [x1, y1, x2, y2], `score` 0...1 and `points` [[x, y]…], and whatever was found out
/// about it since.
struct Face: Sendable {
  var box: Box
  var score: Double
  /// Eyes, nose and corners of the mouth, image left first, or none.
  var points: [Point]
  /// Stands for a photo in which no face was found.
  var isWholePicture = false
  private var others: [(name: String, value: Value)] = []

  init(box: Box, score: Double, points: [Point] = [], isWholePicture: Bool = false) {
    (self.box, self.score, self.points, self.isWholePicture) = (box, score, points, isWholePicture)
  }

  init(_ value: Value, _ port: String) throws(Fault) {
    guard case .record(let record) = value else { throw .wrongValue(port, "face", value) }
    guard let box = Box(record["box"]) else { throw .noFace(port, record.fields.map(\.name)) }
    self.box = box
    score = record["score"]?.scalar ?? 1
    points = try record["points"].map { value throws(Fault) in try value.points(port) } ?? []
    if case .bool(true)? = record["whole"] { isWholePicture = true }
    others = record.fields.filter { !["box", "score", "points", "whole"].contains($0.name) }
  }

  var value: Value {
    var fields: [(name: String, value: Value)] = [
      ("box", box.value), ("score", .number(score)), ("points", .points(points)),
    ]
    if isWholePicture { fields.append(("whole", .bool(true))) }
    return .record(Record(fields + others))
  }
}

extension Value {
  /// A list of numbers, or a tensor as one.
  var numberList: [Double]? {
    switch self {
    case .tensor(let tensor): return tensor.numbers
    case .list(let items):
      let numbers = items.compactMap(\.scalar)
      return numbers.count == items.count ? numbers : nil
    default: return nil
    }
  }

  static func points(_ points: [Point]) -> Value { .list(points.map { .list([.number($0.x), .number($0.y)]) }) }

  /// Points as [[x, y]…] or rows of a tensor; what a row holds beyond x and y is left out.
  func points(_ port: String) throws(Fault) -> [Point] {
    try coordinates(port).map { Point($0[0], $0[1]) }
  }

  /// Rows of at least two numbers.
  func coordinates(_ port: String) throws(Fault) -> [[Double]] {
    switch self {
    case .none: return []
    case .tensor(let tensor) where tensor.rank == 2 && tensor.shape[1] >= 2:
      let (numbers, width) = (tensor.numbers, tensor.shape[1])
      return (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    case .list(let items):
      let rows = items.compactMap(\.numberList)
      guard rows.count == items.count, rows.allSatisfy({ $0.count >= 2 }) else { break }
      return rows
    default: break
    }
    throw .wrongValue(port, "list of points [[x, y], …]", self)
  }
}

extension HostCall {
  func face(_ port: String) throws(Fault) -> Face { try Face(value(port) ?? .none, port) }

  func faces(_ port: String) throws(Fault) -> [Face] {
    var faces: [Face] = []
    for item in try list(port) { faces.append(try Face(item, port)) }
    return faces
  }
}
