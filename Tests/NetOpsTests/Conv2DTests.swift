import Language
import TestSupport
import Tensors
import Testing

@testable import NetOps

@Suite struct Conv2DTests {
  let harness = OpHarness([Conv2D.op, Conv2DInputGradient.op, Conv2DWeightGradient.op, ChannelSum.op])

  @Test func `values equal the plain loop`() throws {
    var random = TestRandom()
    for (mode, name) in ["zero", "reflect", "replicate"].enumerated() {
      for groups in [1, 2, 4] {
        var naive = NaiveConvolution()
        (naive.batch, naive.channels, naive.height, naive.width) = (2, 4, 7, 9)
        (naive.outputs, naive.kernel, naive.stride, naive.dilation) = (8, (3, 2), (2, 1), (1, 2))
        (naive.groups, naive.pads, naive.padMode) = (groups, (1, 2, 0, 1), mode)
        let x = random.floats(2 * 4 * 7 * 9)
        let weight = random.floats(8 * 4 / groups * 6)
        let bias = random.floats(8)
        let y = try harness.evaluate(
          Conv2D.op,
          [
            "x": Tensor(shape: [2, 4, 7, 9], x), "weight": Tensor(shape: [8, 4 / groups, 3, 2], weight),
            "bias": Tensor(shape: [8], bias),
          ],
          [
            "stride": [2, 1], "dilation": [1, 2], "groups": .int(groups), "padding": [1, 2, 0, 1],
            "pad_mode": .string(name),
          ])[0]
        let area = naive.outputHeight * naive.outputWidth
        let expected = naive.forward(x, weight).enumerated().map { $1 + Double(bias[$0 / area % 8]) }
        #expect(y.shape == [2, 8, naive.outputHeight, naive.outputWidth])
        #expect(largestError(y.elements(Float.self), expected) < 1e-6)
      }
    }
  }

  @Test func `"same" pads as TensorFlow does, the larger half after`() throws {
    // Width 4, kernel 3, stride 2: one column is missing, and it goes to the right.
    let y = try harness.evaluate(
      Conv2D.op,
      [
        "x": Tensor(shape: [1, 1, 1, 4], [1, 2, 3, 4] as [Float]),
        "weight": Tensor(shape: [1, 1, 1, 3], [1, 10, 100] as [Float]),
      ],
      ["stride": 2, "padding": "same", "bias": false])[0]
    #expect(y.elements(Float.self) == [321, 43])
  }

  @Test(arguments: ["zero", "reflect", "replicate"])
  func `gradients of input, weight and bias agree with differences`(mode: String) throws {
    var random = TestRandom(seed: 3)
    for groups in [1, 2] {
      let error = try harness.gradientError(
        Conv2D.op,
        [
          "x": Tensor(shape: [2, 4, 5, 6], random.floats(240)),
          "weight": Tensor(shape: [6, 4 / groups, 3, 3], random.floats(6 * 4 / groups * 9)),
          "bias": Tensor(shape: [6], random.floats(6)),
        ], ["padding": [1, 2, 2, 0], "stride": [1, 2], "groups": .int(groups), "pad_mode": .string(mode)])
      #expect(error < 2e-3)
    }
  }

  @Test func `shapes follow from numbers and from symbols`() throws {
    #expect(
      try harness.infer(Conv2D.op, ["x": "tensor<f32>[1,3,H,W] rgb 0..1"], ["channels": 64, "kernel": 3, "padding": 1])
        == ["tensor<f32>[1,64,H,W] NCHW"])
    #expect(
      try harness.infer(
        Conv2D.op, ["x": "tensor<f32>[N,3,H,W]"], ["channels": 8, "kernel": [5, 3], "stride": 2, "padding": "valid"])
        == ["tensor<f32>[N,8,(H+1)/2-2,(W+1)/2-1] NCHW"])
    #expect(
      try harness.infer(
        Conv2D.op, ["x": "tensor<f32>[N,3,H,11]"], ["channels": 8, "kernel": 4, "stride": 2, "padding": "same"])
        == ["tensor<f32>[N,8,(H+1)/2,6] NCHW"])
    #expect(
      try harness.infer(Conv2D.op, ["x": "tensor<f32>[2,6,9,9]", "weight": "tensor<f32>[4,3,3,3]"], ["groups": 2])
        == ["tensor<f32>[2,4,7,7] NCHW"])
    #expect(try harness.infer(Conv2D.op, ["x": "tensor"], ["channels": 8, "kernel": 4]) == ["tensor<f32> NCHW"])
  }

  @Test func `a node owns weight and bias unless told otherwise`() throws {
    let x = "tensor<f32>[1,6,H,W]"
    #expect(
      try harness.parameters(Conv2D.op, ["x": x], ["channels": 8, "kernel": [3, 5], "groups": 2])
        == ["tensor<f32>[8,3,3,5]", "tensor<f32>[8]"])
    #expect(
      try harness.parameters(Conv2D.op, ["x": x], ["channels": 8, "kernel": 1, "bias": false])
        == ["tensor<f32>[8,6,1,1]", "any"])
  }

  @Test func `what cannot be is refused in words`() {
    func refusal(_ x: String, _ attributes: [String: Literal], weight: String? = nil) -> String? {
      weight.map { harness.refusal(Conv2D.op, ["x": x, "weight": $0], attributes) }
        ?? harness.refusal(Conv2D.op, ["x": x], attributes)
    }
    #expect(
      refusal("tensor<f32>[1,3,4,4]", ["kernel": 3])
        == "the param \"channels\" is needed unless \"weight\" is connected")
    #expect(
      refusal("tensor<f32>[1,3,4,4]", ["channels": 8])
        == "the param \"kernel\" is needed unless \"weight\" is connected")
    #expect(
      refusal("tensor<f32>[1,3,4,W]", ["channels": 8, "kernel": 7, "padding": 1])
        == "x: dimension 2 is 4, with padding 1 and 1 it is 6, smaller than the window, which covers 7")
    #expect(
      refusal("tensor<f32>[1,3,4,4]", ["groups": 2, "channels": 8, "kernel": 1])
        == "x: dimension 1 is 3, which 2 groups do not divide")
    #expect(
      refusal("tensor<f32>[1,4,4,4]", ["groups": 2, "channels": 7, "kernel": 1])
        == "param \"channels\" is 7, which 2 groups do not divide")
    #expect(
      refusal("tensor<f32>[1,6,4,4]", ["groups": 2], weight: "tensor<f32>[4,6,1,1]")
        == "weight: dimension 1 is 6 where 3 is needed (x has 6 channels in 2 groups)")
    #expect(
      refusal("tensor<f32>[1,3,4,4]", ["channels": 5], weight: "tensor<f32>[4,3,1,1]")
        == "weight: dimension 0 is 4 where 5 is needed (param \"channels\")")
    #expect(
      refusal("tensor<f32>[1,3,2,4]", ["channels": 5, "kernel": 5, "padding": 2, "pad_mode": "reflect"])
        == "x: dimension 2 is 2, too small to reflect a border of 2")
    #expect(
      refusal("tensor<f32>[1,3,4,4]", ["channels": 5, "kernel": 3, "padding": "full"])
        == "param \"padding\" takes an integer, [height, width], [top, left, bottom, right], \"same\" or \"valid\", "
        + "not \"full\"")
    #expect(
      refusal("tensor<f32>[3,4,4]", ["channels": 5, "kernel": 3]) == "rank 3 where rank 4 is needed")
    #expect(
      refusal("tensor<f32>[1,4,4,3] NHWC", ["channels": 5, "kernel": 3]) == "axis layout: NHWC where NCHW is needed")
    #expect(
      refusal("tensor<f32>[1,3,80,80]", [:], weight: "tensor<f32>[4,3,65,1]")
        == "weight: dimension 2 is 65, but a kernel is at most 64 wide")
  }
}
