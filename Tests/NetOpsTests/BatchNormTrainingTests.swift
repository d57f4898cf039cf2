import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct BatchNormTrainingTests {
  let harness = OpHarness([BatchNormTraining.op, BatchNormTrainingGradient.op])

  func inputs(_ shape: [Int]) -> KeyValuePairs<String, Tensor> {
    var random = TestRandom(seed: 72)
    let vector = [shape[1]]
    return [
      "x": Tensor(shape: shape, random.floats(shape.reduce(1, *))),
      "scale": Tensor(shape: vector, random.floats(shape[1], in: 0.5...2)),
      "shift": Tensor(shape: vector, random.floats(shape[1])),
      "mean": Tensor(shape: vector, random.floats(shape[1])),
      "variance": Tensor(shape: vector, random.floats(shape[1], in: 0.5...2)),
    ]
  }

  @Test(arguments: [[2, 5, 3, 4], [6, 3]]) func `values and running statistics equal the formulas`(
    shape: [Int]
  ) throws {
    let inputs = inputs(shape)
    let results = try harness.evaluate(BatchNormTraining.op, inputs, ["epsilon": 0.01, "momentum": 0.25])
    let area = shape[2...].reduce(1, *)
    let values = inputs.map { $0.value.elements(Float.self).map(Double.init) }
    for channel in 0..<shape[1] {
      let own = values[0].indices.filter { $0 / area % shape[1] == channel }
      let mean = own.reduce(0) { $0 + values[0][$1] } / Double(own.count)
      let squares = own.reduce(0) { $0 + (values[0][$1] - mean) * (values[0][$1] - mean) }
      let spread = (squares / Double(own.count) + 0.01).squareRoot()
      let expected = own.map { (values[0][$0] - mean) / spread * values[1][channel] + values[2][channel] }
      #expect(largestError(own.map { results[0].elements(Float.self)[$0] }, expected) < 1e-5)
      #expect(abs(Double(results[1].elements(Float.self)[channel]) - (0.75 * values[3][channel] + 0.25 * mean)) < 1e-6)
      let variance = squares / Double(own.count - 1)
      #expect(
        abs(Double(results[2].elements(Float.self)[channel]) - (0.75 * values[4][channel] + 0.25 * variance)) < 1e-5)
    }
  }

  @Test(arguments: [[3, 2, 3, 2], [5, 3]]) func `gradients by x, scale and shift agree with differences`(
    shape: [Int]
  ) throws {
    for port in ["x", "scale", "shift"] {
      #expect(
        try harness.gradientError(
          BatchNormTraining.op, inputs(shape), ["epsilon": 0.1], wrt: [port], step: 3e-3) < 5e-3, "\(port)")
    }
  }

  @Test(arguments: [[3, 20, 4, 5], [6, 32]]) func `a rectifier that follows is absorbed`(shape: [Int]) throws {
    let harness = OpHarness([BatchNormTraining.op, ReLU.op])
    let tensors = inputs(shape).map(\.value)
    var emitter = Emitter(registry: harness.registry)
    let values = tensors.map { emitter.input(.f32($0.shape.map { Dim($0) })) }
    let normal = try emitter.emit(BatchNormTraining.op, values.map { [$0] })
    let y = try emitter.emit(ReLU.op, [[normal[0]]])[0]
    emitter.setOutputs([y, normal[1], normal[2]])
    let compiler = Compiler(registry: harness.registry)
    let program = try compiler.compile(emitter.region, Demand())
    let watcher = StepCounter()
    let fused = program.run(tensors, RunContext(observer: watcher))
    #expect(!watcher.ops.contains(ReLU.op.name) && watcher.ops.contains(BatchNormTraining.op.name))
    let apart = try compiler.compile(emitter.region, Demand(showsEveryNode: true)).run(tensors)
    for (a, b) in zip(fused, apart) {
      #expect(largestError(a.elements(Float.self), b.elements(Float.self).map(Double.init)) < 2e-6)
    }
  }

  @Test func `the running statistics are what a training carries along`() throws {
    #expect(BatchNormTraining.op.updates == ["mean": "mean", "variance": "variance"])
    #expect(
      try harness.infer(BatchNormTraining.op, ["x": "tensor<f32>[N,64,H,W]"])
        == ["tensor<f32>[N,64,H,W]", "tensor<f32>[64]", "tensor<f32>[64]"])
    #expect(BatchNormTraining.op.inputs.map(\.name) == BatchNorm.op.inputs.map(\.name))
  }
}

/// Notes which ops ran.
