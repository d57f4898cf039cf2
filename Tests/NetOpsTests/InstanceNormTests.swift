import Compiler
import Language
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct InstanceNormTests {
  let harness = OpHarness([
    InstanceNorm.op, InstanceNormInputGradient.op, InstanceNormScaleGradient.op, ChannelSum.op,
  ])

  @Test func `values equal the formula, with and without scale and shift`() throws {
    var random = TestRandom(seed: 72)
    let x = random.floats(2 * 3 * 4 * 5, in: 2...4)
    let (scale, shift) = (random.floats(3), random.floats(3))
    let normalised = (0..<6).flatMap { plane in
      let values = x[plane * 20..<plane * 20 + 20].map(Double.init)
      let mean = values.reduce(0, +) / 20
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20
      return values.map { ($0 - mean) / (variance + 1e-3).squareRoot() }
    }
    let tensor = Tensor(shape: [2, 3, 4, 5], x)
    let plain = try harness.evaluate(InstanceNorm.op, ["x": tensor], ["epsilon": 1e-3, "affine": false])[0]
    #expect(largestError(plain.elements(Float.self), normalised) < 2e-6)
    let affine = try harness.evaluate(
      InstanceNorm.op, ["x": tensor, "scale": Tensor(shape: [3], scale), "shift": Tensor(shape: [3], shift)],
      ["epsilon": 1e-3])[0]
    let expected = normalised.enumerated().map { index, n in
      n * Double(scale[index / 20 % 3]) + Double(shift[index / 20 % 3])
    }
    #expect(largestError(affine.elements(Float.self), expected) < 2e-6)
  }

  @Test func `in blocks, between convolutions, it takes on what follows`() throws {
    let registry = Registry([Conv2D.op, InstanceNorm.op, ReLU.op, Self.add])
    var emitter = Emitter(registry: registry)
    let x = emitter.input(.f32([2, 20, 9, 11]))
    let (weight, vector) = (emitter.input(.f32([20, 20, 3, 3])), emitter.input(.f32([20])))
    func convolution(_ x: ValueID) throws -> ValueID {
      try emitter.emit(Conv2D.op, [[x], [weight], []], ["padding": 1])[0]
    }
    let first = try emitter.emit(InstanceNorm.op, [[try convolution(x)], [vector], [vector]], ["epsilon": 1e-3])[0]
    let active = try emitter.emit(ReLU.op, [[first]])[0]
    let second = try emitter.emit(InstanceNorm.op, [[try convolution(active)], [], [vector]])[0]
    let sum = try emitter.emit(Self.add, [[active], [second]])[0]
    let third = try emitter.emit(InstanceNorm.op, [[try convolution(sum)], [], []], ["affine": false])[0]
    emitter.setOutputs([try convolution(try emitter.emit(ReLU.op, [[third]])[0])])
    var random = TestRandom(seed: 75)
    let inputs = [[2, 20, 9, 11], [20, 20, 3, 3], [20]].map { shape in
      Tensor(shape: shape, random.floats(shape.reduce(1, *)))
    }
    let watcher = Names()
    let program = try Compiler(registry: registry).compile(emitter.region, Demand())
    let result = program.run(inputs, RunContext(observer: watcher))[0]
    #expect(
      watcher.seen.withLock { $0 }.filter { !$0.hasPrefix("nn.conv2d") } == [
        "compiler.convert to-blocks", "nn.instance_norm blocked", "nn.instance_norm blocked",
        "nn.instance_norm blocked", "compiler.convert from-blocks",
      ])
    let expected = try RegionInterpreter.run(emitter.region, inputs)[0].elements(Float.self).map(Double.init)
    #expect(largestError(result.elements(Float.self), expected) < 1e-3)
  }

  private final class Names: RunObserver {
    let seen = Mutex<[String]>([])
    func finished(_ event: NodeEvent) { seen.withLock { $0.append("\(event.op) \(event.choice)") } }
  }

  /// a + b, which kernels may take on.
  private static let add = Op(
    "test.sum", doc: "a + b", inputs: [Port("a", "tensor<f32>"), Port("b", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [.f32(facts.tensor("a").shape)] },
    action: .numeric(
      Numeric(
        pointwise: { _ in [Pointwise(.add, operand: 0, other: 1), Pointwise(.add, operand: 1, other: 0)] },
        select: { site throws(Fault) in
          let count = site.result.count
          return [
            Choice("sum") { call in
              for index in 0..<count { call.output()[index] = call.input(0)[index] + call.input(1)[index] }
            }
          ]
        })))

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 73)
    let x = Tensor(shape: [2, 3, 3, 4], random.floats(72))
    let inputs: KeyValuePairs<String, Tensor> = [
      "x": x, "scale": Tensor(shape: [3], random.floats(3)), "shift": Tensor(shape: [3], random.floats(3)),
    ]
    for port in ["x", "scale", "shift"] {
      #expect(try harness.gradientError(InstanceNorm.op, inputs, wrt: [port], step: 3e-3) < 5e-3)
    }
    #expect(try harness.gradientError(InstanceNorm.op, ["x": x], ["affine": false], step: 3e-3) < 5e-3)
  }

  @Test func `shapes follow, and affine decides what the node owns`() throws {
    let x = "tensor<f32>[N,C,H,W] NCHW"
    #expect(try harness.infer(InstanceNorm.op, ["x": x]) == [x])
    #expect(try harness.parameters(InstanceNorm.op, ["x": x]) == ["tensor<f32>[C]", "tensor<f32>[C]"])
    #expect(try harness.parameters(InstanceNorm.op, ["x": x], ["affine": false]) == ["any", "any"])
    #expect(
      harness.refusal(InstanceNorm.op, ["x": "tensor<f32>[1,8,H,W]", "shift": "tensor<f32>[4]"])
        == "shift: dimension 0 is 4 where 8 is needed (x has 8 channels)")
  }
}
