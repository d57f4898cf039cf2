import Language
import TestSupport
import Testing

@testable import Compiler

@Suite struct OrderingTests {
  /// Node names in the new order; every value has `bytes`, or 4 where it is a single number.
  private func order(_ emitter: Emitter, gradients: Int) -> [String] {
    let region = emitter.region
    let ordered = Ordering.compact(region.nodes, gradients: gradients, valueCount: region.types.count) {
      region.inputs.contains($0) ? 0 : region.concrete($0).byteCount
    }
    var known = Set(region.inputs)
    for node in ordered {
      #expect(node.operands.joined().allSatisfy { known.contains($0) }, "\(node.label) runs before what it reads")
      known.formUnion(node.results)
    }
    #expect(ordered.count == region.nodes.count)
    return ordered.map(\.label)
  }

  private func add(_ emitter: inout Emitter, _ label: String, _ op: String, _ operands: ValueID...) throws -> ValueID {
    emitter.label = label
    return try emitter.emit(try emitter.registry.op(op), operands.map { [$0] }, [:])[0]
  }

  @Test func lossesFollowWhatTheyMeasure() throws {
    var e = Emitter(registry: ArithmeticOps.registry)
    let x = e.input(.f32([100]))
    let first = try add(&e, "first", "test.multiply", x, x)
    let second = try add(&e, "second", "test.multiply", first, first)
    let one = try add(&e, "loss of first", "test.total", first)
    let two = try add(&e, "loss of second", "test.total", second)
    _ = try add(&e, "sum", "test.add", one, two)
    #expect(order(e, gradients: 5) == ["first", "loss of first", "second", "loss of second", "sum"])
  }

  @Test func aGradientRunsRightBeforeItsFirstReader() throws {
    var e = Emitter(registry: ArithmeticOps.registry)
    let (x, activation) = (e.input(.f32([100])), e.input(.f32([100])))
    let early = try add(&e, "of an early loss", "test.multiply", activation, activation)
    let shifted = try add(&e, "shifted", "test.shift", early)
    let back = try add(&e, "back", "test.multiply", x, x)
    let further = try add(&e, "further", "test.multiply", back, back)
    _ = try add(&e, "both", "test.add", shifted, further)
    #expect(order(e, gradients: 0) == ["back", "further", "of an early loss", "shifted", "both"])
  }

  @Test func nothingSinksThatWouldKeepMoreAlive() throws {
    var e = Emitter(registry: ArithmeticOps.registry)
    let x = e.input(.f32([100]))
    let large = try add(&e, "large", "test.multiply", x, x)
    let total = try add(&e, "total", "test.total", large)
    let back = try add(&e, "back", "test.multiply", x, x)
    let other = try add(&e, "other", "test.total", back)
    _ = try add(&e, "both", "test.add", total, other)
    #expect(order(e, gradients: 0) == ["large", "total", "back", "other", "both"])
  }
}
