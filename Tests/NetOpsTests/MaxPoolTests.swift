import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct MaxPoolTests {
  let harness = OpHarness([MaxPool.op, MaxPoolGradient.op])

  @Test func `values equal the plain loop`() throws {
    var random = TestRandom(seed: 91)
    let x = random.floats(2 * 3 * 9 * 8, in: -2 ... -1)
    let cases: [([String: Literal], NaivePool)] = [
      (["kernel": 2], NaivePool(height: 9, width: 8, kernel: (2, 2), stride: (2, 2), output: (4, 4))),
      (
        ["kernel": 3, "stride": 2, "ceil": true],
        NaivePool(height: 9, width: 8, kernel: (3, 3), stride: (2, 2), output: (4, 4))
      ),
      (
        ["kernel": [3, 2], "stride": [2, 3], "padding": [1, 0, 0, 1]],
        NaivePool(height: 9, width: 8, kernel: (3, 2), stride: (2, 3), pads: (1, 0, 0, 1), output: (4, 3))
      ),
      (
        ["kernel": 2, "padding": "same"],
        NaivePool(height: 9, width: 8, kernel: (2, 2), stride: (2, 2), pads: (0, 0, 1, 0), output: (5, 4))
      ),
    ]
    for (attributes, naive) in cases {
      let y = try harness.evaluate(MaxPool.op, ["x": Tensor(shape: [2, 3, 9, 8], x)], attributes)[0]
      #expect(y.shape == [2, 3, naive.output.0, naive.output.1])
      #expect(y.elements(Float.self) == naive.map(x) { inside, _ in inside.max()! }.map { Float($0) })
    }
  }

  @Test func `a convolution passes its result through the pool; the gradient reads places alone`() throws {
    let harness = OpHarness([
      Conv2D.op, Conv2DInputGradient.op, Conv2DWeightGradient.op, ChannelSum.op, ReLU.op, MaxPool.op,
      MaxPoolGradient.op,
      SumSquares.op,
    ])
    var random = TestRandom(seed: 93)
    let tensors = [
      Tensor(shape: [1, 16, 23, 30], random.floats(16 * 23 * 30)),
      Tensor(shape: [32, 16, 3, 3], random.floats(32 * 16 * 9, in: -0.1...0.1)),
      Tensor(shape: [32], random.floats(32, in: -0.2...0.1)),
    ]
    var emitter = Emitter(registry: harness.registry)
    let values = tensors.map { emitter.input(.f32($0.shape.map { Dim($0) })) }
    let (window, two): ([String: Literal], [String: Literal]) = (["kernel": 3, "padding": 1], ["kernel": 2])
    let sums = try emitter.emit(
      Conv2D.op, values.map { [$0] }, Conv2D.op.attributes(window.merging(["channels": 32]) { a, _ in a }).0)
    let active = try emitter.emit(ReLU.op, [sums])
    let y = try emitter.emit(MaxPool.op, [active], MaxPool.op.attributes(two).0)
    let loss = try emitter.emit(SumSquares.op, [y])
    emitter.setOutputs(y + loss)
    let compiler = Compiler(registry: harness.registry)
    for demand in [Demand(), Demand(loss: loss[0], wrt: [values[0]])] {
      let watcher = StepCounter()
      let fused = try compiler.compile(emitter.region, demand).run(tensors, RunContext(observer: watcher))
      #expect(!watcher.ops.contains(MaxPool.op.name) && !watcher.kernels.contains("prepare"), "\(watcher.kernels)")
      var every = demand
      every.showsEveryNode = true
      let apart = try compiler.compile(emitter.region, every).run(tensors)
      #expect(fused.count == apart.count)
      for (a, b) in zip(fused, apart) {
        let scale = Double(b.elements(Float.self).map(abs).max()!)
        #expect(largestError(a.elements(Float.self), b.elements(Float.self).map(Double.init)) < 2e-5 * scale)
      }
    }
  }

  @Test func `gradients agree with differences, overlapping windows too`() throws {
    var random = TestRandom(seed: 92)
    let x = Tensor(shape: [2, 2, 5, 6], (0..<120).map { Float($0) / 30 }.shuffled(using: &random))
    for attributes in [
      ["kernel": 2], ["kernel": 3, "stride": 2, "padding": 1], ["kernel": 3, "stride": 2, "ceil": true],
    ] as [[String: Literal]] {
      #expect(try harness.gradientError(MaxPool.op, ["x": x], attributes) < 2e-3)
    }
  }

  @Test func `rounding up follows PyTorch: the last window starts inside`() throws {
    func extent(_ n: Int, _ attributes: [String: Literal]) throws -> String {
      try harness.infer(
        MaxPool.op, ["x": "tensor<f32>[1,1,\(n),64]"], attributes.merging(["ceil": true]) { a, _ in a })[0]
    }
    // torch.nn.MaxPool2d(kernel, stride, padding, ceil_mode=True) on n rows.
    for (n, kernel, stride, padding, rows) in [
      (5, 2, 2, 0, 3), (6, 3, 2, 0, 3), (4, 1, 3, 0, 2), (3, 1, 3, 0, 1), (6, 2, 3, 1, 3), (5, 3, 3, 1, 2),
      (4, 2, 2, 1, 3), (111, 3, 2, 0, 55), (112, 3, 2, 0, 56),
    ] {
      let shape = try extent(
        n, ["kernel": [.int(kernel), 1], "stride": [.int(stride), 1], "padding": [.int(padding), 0]])
      #expect(shape == "tensor<f32>[1,1,\(rows),64] NCHW" || shape == "tensor<f32>[1,1,\(rows),64]", "\(n) \(kernel)")
    }
  }

  @Test func `shapes follow from symbols`() throws {
    let x = "tensor<f32>[N,64,H,W] NCHW"
    #expect(try harness.infer(MaxPool.op, ["x": x], ["kernel": 2]) == ["tensor<f32>[N,64,H/2,W/2] NCHW"])
    #expect(
      try harness.infer(MaxPool.op, ["x": x], ["kernel": 3, "stride": 2, "ceil": true])
        == ["tensor<f32>[N,64,H/2,W/2] NCHW"])
    #expect(
      try harness.infer(MaxPool.op, ["x": x], ["kernel": 2, "padding": "same"])
        == ["tensor<f32>[N,64,(H+1)/2,(W+1)/2] NCHW"])
  }

  @Test func `what cannot be is refused in words`() {
    #expect(
      harness.refusal(MaxPool.op, ["x": "tensor<f32>[1,1,9,9]"], ["kernel": 3, "padding": 2])
        == "param \"padding\": 2 at dimension 2 is more than half of the kernel's 3")
    #expect(
      harness.refusal(MaxPool.op, ["x": "tensor<f32>[1,1,1,9]"], ["kernel": 2])
        == "x: dimension 2 is 1, smaller than the window, which covers 2")
    #expect(
      harness.refusal(MaxPool.op, ["x": "tensor<f32>[1,1,9,9]"])
        == "nn.max_pool needs the param \"kernel\": one integer or a list of 2, each at least 1")
  }
}
