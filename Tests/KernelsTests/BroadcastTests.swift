import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite struct BroadcastTests {
  static func reference(_ op: Binary, _ x: Double, _ y: Double) -> Double {
    switch op {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .power: pow(x, y)
    case .minimum: min(x, y)
    case .maximum: max(x, y)
    case .equal: x == y ? 1 : 0
    case .less: x < y ? 1 : 0
    case .lessOrEqual: x <= y ? 1 : 0
    case .greater: x > y ? 1 : 0
    case .greaterOrEqual: x >= y ? 1 : 0
    case .notEqual: x != y ? 1 : 0
    }
  }

  /// Result shape and the two operands' shapes.
  static let shapes: [([Int], [Int], [Int])] = [
    ([], [], []), ([5], [5], [1]), ([3, 17], [3, 17], [3, 17]), ([3, 17], [17], [3, 1]),
    ([2, 3, 4, 5], [3, 1, 1], [2, 1, 4, 5]),
    ([2, 3, 4], [1], [2, 3, 4]), ([2, 1, 3, 1, 2, 2, 1, 2], [2, 1, 1, 1, 2, 1, 1, 2], [3, 1, 2, 2, 1, 2]),
    ([0, 3], [0, 3], [3]),
  ]

  /// The element of an operand that a result element reads.
  static func index(_ flat: Int, _ shape: [Int], _ operand: [Int]) -> Int {
    var (rest, step, sum) = (flat, 1, 0)
    for d in shape.indices.reversed() {
      let i = rest % shape[d]
      rest /= shape[d]
      let own = d - (shape.count - operand.count)
      if own >= 0 {
        sum += operand[own] == 1 ? 0 : i * step
        step *= operand[own]
      }
    }
    return sum
  }

  @Test(arguments: InstructionSet.supported) func functionsAgreeWithIndexArithmetic(set: InstructionSet) {
    var random = TestRandom(seed: 8)
    for (shape, left, right) in Self.shapes {
      let count = shape.reduce(1, *)
      // Quarters, so that equal pairs occur.
      let x = random.floats(left.reduce(1, *), in: 0.1...2).map { ($0 * 4).rounded() / 4 + 0.25 }
      let y = random.floats(right.reduce(1, *), in: 0.1...2).map { ($0 * 4).rounded() / 4 + 0.25 }
      let broadcast = Broadcast(shape: shape, operands: [left, right])
      #expect(broadcast.count == count)
      for op in Binary.allCases {
        var z = [Float](repeating: .nan, count: count)
        set.forced {
          for row in 0..<broadcast.rowCount { broadcast.apply(op, rows: row..<row + 1, x: x, y: y, z: &z) }
        }
        let expected = (0..<count).map {
          Self.reference(op, Double(x[Self.index($0, shape, left)]), Double(y[Self.index($0, shape, right)]))
        }
        #expect(largestUlps(z, expected) <= 1, "\(op) \(shape)")
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func inPlaceGivesTheSameBits(set: InstructionSet) {
    var random = TestRandom(seed: 9)
    let (x, y) = (random.floats(77, in: 0.1...2), random.floats(77, in: 0.1...2))
    for op in Binary.allCases {
      for step in 0...1 {
        var (z, first, second) = (x, x, y)
        set.forced {
          op.apply(count: 77, x: x, y: y, yStep: step, z: &z)
          first.withUnsafeMutableBufferPointer {
            op.apply(count: 77, x: $0.baseAddress!, y: y, yStep: step, z: $0.baseAddress!)
          }
          second.withUnsafeMutableBufferPointer {
            if step == 1 { op.apply(count: 77, x: x, y: $0.baseAddress!, z: $0.baseAddress!) }
          }
        }
        #expect(first == z, "\(op)")
        if step == 1 { #expect(second == z, "\(op)") }
      }
    }
  }

  @Test func aNaNWinsBothExtremes() {
    for op in [Binary.minimum, .maximum] {
      var z: [Float] = [0, 0]
      op.apply(count: 2, x: [.nan, 1], y: [1, .nan], z: &z)
      #expect(z[0].isNaN && z[1].isNaN)
    }
  }

  @Test func selectAndCopyFollowTheStrides() {
    let broadcast = Broadcast(shape: [2, 3], operands: [[2, 1], [3], [1]])
    var z = [Float](repeating: .nan, count: 6)
    broadcast.select(rows: 0..<broadcast.rowCount, condition: [1, 0], x: [1, 2, 3], y: [9], z: &z)
    #expect(z == [1, 2, 3, 9, 9, 9])
    // Strides may be negative: a flip.
    let flip = Broadcast(shape: [3], strides: [[-1]])
    var flipped = [Float](repeating: .nan, count: 3)
    [Float(1), 2, 3].withUnsafeBufferPointer { flip.copy(rows: 0..<1, x: $0.baseAddress! + 2, z: &flipped) }
    #expect(flipped == [3, 2, 1])
  }

  @Test func reductionSumsTheRepetitions() {
    var random = TestRandom(seed: 3)
    for (shape, operand, _) in Self.shapes {
      let broadcast = Broadcast(shape: shape, operands: [operand])
      let dy = random.floats(shape.reduce(1, *))
      let elements = operand.reduce(1, *)
      var expected = [Double](repeating: 0, count: elements)
      for (i, value) in dy.enumerated() { expected[Self.index(i, shape, operand)] += Double(value) }
      var dx = [Float](repeating: .nan, count: elements)
      GemmTests.withScratch(elements * 8) { broadcast.reduce(elements: elements, dy: dy, dx: &dx, scratch: $0) }
      #expect(largestError(dx, expected) < 1e-6)
    }
  }
}
