import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import Autodiff

@Suite struct AdjointsTests {
  static func gradients(
    _ inputs: [[Float]], wrt: [Int], _ build: (inout Emitter, [ValueID]) throws -> ValueID
  ) throws -> [[Float]] {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let values = inputs.map { emitter.input(.f32([Dim($0.count)])) }
    let loss = try build(&emitter, values)
    emitter.setOutputs([loss])
    let demand = Demand(loss: loss, wrt: wrt.map { values[$0] })
    let program = try Compiler(registry: ArithmeticOps.registry).compile(emitter.region, demand)
    return program.run(inputs.map { Tensor(shape: [$0.count], $0) }).dropFirst().map { $0.elements(Float.self) }
  }

  @Test func cotangentsOfAValueUsedTwiceAddUp() throws {
    let result = try Self.gradients([[1, 2, 3]], wrt: [0]) { e, v in
      let square = try e.emit("test.multiply", v[0], v[0])
      return try e.emit("test.total", try e.emit("test.add", square, v[0]))
    }
    #expect(result == [[3, 5, 7]])
  }

  @Test func theLossMayIgnoreAnInput() throws {
    let result = try Self.gradients([[1, 2], [3, 4]], wrt: [1, 0]) { e, v in try e.emit("test.total", v[0]) }
    #expect(result == [[0, 0], [1, 1]])
  }

  @Test func theLossMayBeTheInputItself() throws {
    #expect(try Self.gradients([[5]], wrt: [0]) { _, v in v[0] } == [[1]])
  }

  @Test func nodesBesideThePathNeedNoGradient() throws {
    let result = try Self.gradients([[1.5, 2.5], [2, 3]], wrt: [1]) { e, v in
      let whole = try e.emit("test.floor", v[0])
      return try e.emit("test.total", try e.emit("test.multiply", whole, v[1]))
    }
    #expect(result == [[1, 2]])
  }

  static func fault(_ emitter: Emitter, _ loss: ValueID, _ wrt: ValueID) -> Fault? {
    var emitter = emitter
    do { _ = try Adjoints.extend(&emitter, loss: loss, wrt: [wrt]) } catch { return error }
    return nil
  }

  @Test func whatHasNoGradientIsNamed() throws {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let x = emitter.input(.f32([2]))
    emitter.label = "paint/steps"
    let y = try emitter.emit("test.floor", x)
    let loss = try emitter.emit("test.total", y)
    let expected = Fault(
      "gradient", "test.floor \"paint/steps\" has no gradient, but the loss depends on what is optimised through it")
    #expect(Self.fault(emitter, loss, x) == expected)
    #expect(Self.fault(emitter, y, x)?.message == "the loss must be a single f32 number, but is tensor<f32>[2]")
  }

  @Test func gradientNodesNameWhatTheyBelongTo() throws {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let x = emitter.input(.f32([2]))
    emitter.label = "loss"
    let y = try emitter.emit("test.multiply", x, x)
    let loss = try emitter.emit("test.total", y)
    let before = emitter.region.nodes.count
    _ = try Adjoints.extend(&emitter, loss: loss, wrt: [x])
    #expect(emitter.region.nodes.dropFirst(before).prefix(3).allSatisfy { $0.label == "loss'" } && emitter.label == "")
  }

  /// Polynomials of random shape against differences in Double.
  @Test func randomPolynomialsAgreeWithDifferences() throws {
    var random = TestRandom(seed: 8)
    for round in 0..<60 {
      let count = 3
      let recipe = (0..<6).map { _ in
        (
          Int.random(in: 0..<3, using: &random), Int.random(in: 0..<100, using: &random),
          Int.random(in: 0..<100, using: &random)
        )
      }
      let inputs = (0..<2).map { _ in random.floats(count, in: 0.2...1) }
      let analytic = try Self.gradients(inputs, wrt: [0, 1]) { e, v in
        var values = v
        for (kind, a, b) in recipe {
          let (left, right) = (values[a % values.count], values[b % values.count])
          values.append(
            kind == 0
              ? try e.emit("test.shift", left) : try e.emit(kind == 1 ? "test.add" : "test.multiply", left, right))
        }
        return try e.emit("test.total", values.last!)
      }
      func loss(_ x: [Double]) -> Double {
        var values = [Array(x[..<count]), Array(x[count...])]
        for (kind, a, b) in recipe {
          let (left, right) = (values[a % values.count], values[b % values.count])
          values.append(zip(left, right).map { kind == 0 ? $0 + 1 : kind == 1 ? $0 + $1 : $0 * $1 })
        }
        return values.last!.reduce(0, +)
      }
      let numeric = centralDifferences(at: inputs.joined().map(Double.init), loss)
      for (a, b) in zip(analytic.joined(), numeric) {
        #expect(abs(Double(a) - b) <= 1e-4 * max(1, abs(b)), "round \(round)")
      }
    }
  }
}
