import Language
import Tensors

/// Checks that shape rules share.
enum Shapes {
  /// The extents on a port that takes one rank; nil when the rank is not known yet.
  static func extents(_ facts: Facts, _ port: String, rank: Int) throws(Fault) -> [Dim]? {
    guard let shape = facts.tensor(port).shape else { return nil }
    guard shape.count == rank else { throw .rank(port, shape, "\(rank)") }
    return shape
  }

  /// The extents on a port that takes `rank` or more dimensions.
  static func extents(_ facts: Facts, _ port: String, atLeast rank: Int) throws(Fault) -> [Dim]? {
    guard let shape = facts.tensor(port).shape else { return nil }
    guard shape.count >= rank else { throw .rank(port, shape, "at least \(rank)") }
    return shape
  }

  static func require(
    _ have: Dim, equals want: Dim, _ port: String, _ dimension: Int, because: @autoclosure () -> String
  ) throws(Fault) {
    if have.compare(want) == .different { throw .extent(port, dimension, have, want, because()) }
  }

  /// Checks a port that takes one number per channel.
  static func requireVector(_ facts: Facts, _ port: String, _ count: Dim, because: String) throws(Fault) {
    guard facts.isConnected(port), let shape = try extents(facts, port, rank: 1) else { return }
    try require(shape[0], equals: count, port, 0, because: because)
  }

  /// Checks two ports that take tensors of one shape, and gives that shape: of each extent the form that is a number,
  /// if either is.
  static func same(_ facts: Facts, _ a: String, _ b: String) throws(Fault) -> [Dim]? {
    guard let left = facts.tensor(a).shape else { return facts.tensor(b).shape }
    guard let right = facts.tensor(b).shape else { return left }
    guard left.count == right.count else { throw .rank(b, right, "\(left.count), as on \(a),") }
    for index in left.indices { try require(right[index], equals: left[index], b, index, because: "as on \(a)") }
    return zip(left, right).map { $0.value == nil && $1.value != nil ? $1 : $0 }
  }

  /// The place of an axis counted from the end when negative.
  static func axis(_ attributes: Attributes, rank: Int) throws(Fault) -> Int {
    let axis = attributes.int("axis")
    guard (-rank..<rank).contains(axis) else { throw .axis(axis, rank) }
    return axis < 0 ? axis + rank : axis
  }
}

/// A shape seen as rows along one axis: `outer` × `length` × `inner`.
struct AxisView: Sendable {
  let outer: Int
  let length: Int
  let inner: Int

  init(_ shape: [Int], axis: Int) {
    outer = shape[..<axis].reduce(1, *)
    length = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
  }

  var rows: Int { outer * inner }
  /// Index of the first element of a row; its elements are `inner` apart.
  func start(_ row: Int) -> Int { row / inner * length * inner + row % inner }
}

extension TensorType {
  /// A float32 tensor of another shape that still is the same kind of picture.
  func reshaped(_ shape: [Dim]?, keepingRange: Bool = true) -> ValueType {
    .f32(shape, Meaning(colour: meaning.colour, layout: meaning.layout, range: keepingRange ? meaning.range : nil))
  }
}
