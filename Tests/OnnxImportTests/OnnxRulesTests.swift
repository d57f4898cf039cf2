import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

/// Each rule against the eager op of its operator, which follows the definition and is tested by the conformance suite.
@Suite struct OnnxRulesTests {
  struct Use: Sendable, CustomTestStringConvertible {
    let op: String
    let shapes: [[Int]]
    var attributes: [(String, OnnxBytes.Attribute)] = []
    var constants: [(String, Tensor)] = []
    var opset = 17
    var outputs = 1
    var domain = ""

    init(
      _ op: String, _ shapes: [[Int]], _ attributes: [(String, OnnxBytes.Attribute)] = [],
      _ constants: [(String, Tensor)] = [], opset: Int = 17, outputs: Int = 1, domain: String = ""
    ) {
      self.op = op
      self.shapes = shapes
      self.attributes = attributes
      self.constants = constants
      self.opset = opset
      self.outputs = outputs
      self.domain = domain
    }

    var testDescription: String { "\(op) \(opset) \(shapes)" }

    /// Inputs x0, x1…, then the constants in their order; an empty name leaves an input out.
    var model: [UInt8] {
      let names = shapes.indices.map { "x\($0)" }
      let results = (0..<outputs).map { "y\($0)" }
      let node = OnnxBytes.node(op, names + constants.map(\.0), results, attributes, name: "n", domain: domain)
      return OnnxBytes.model(
        OnnxBytes.graph(
          [node],
          inputs: zip(names, shapes).map { OnnxBytes.value($0, .f32, $1.map(String.init)) },
          outputs: results.map { OnnxBytes.value($0) }, initializers: constants.filter { !$0.0.isEmpty }),
        opset: opset, domains: domain.isEmpty ? [] : [domain])
    }

    var inputs: [String: Tensor] {
      Dictionary(
        uniqueKeysWithValues: shapes.enumerated().map { ("x\($0)", OnnxRunner.numbers($1, shift: Float($0) / 3)) })
    }
  }

  static func longs(_ values: [Int]) -> Tensor { Tensor(shape: [values.count], values.map { Int64($0) }) }
  static func float(_ value: Float) -> Tensor { Tensor(shape: [], [value]) }
  static let weight = OnnxRunner.numbers([6, 2, 3, 3])

  static let uses: [Use] = [
    Use(
      "Conv", [[2, 4, 7, 6]], [("group", .int(2)), ("pads", .ints([1, 0, 2, 1])), ("strides", .ints([2, 1]))],
      [("w", weight), ("b", OnnxRunner.numbers([6]))]),
    Use(
      "Conv", [[1, 2, 7, 6]], [("dilations", .ints([2, 1])), ("auto_pad", .string("SAME_UPPER"))], [("w", weight)]),
    Use(
      "ConvTranspose", [[1, 4, 5, 4]],
      [("strides", .ints([2, 2])), ("pads", .ints([1, 1, 1, 1])), ("output_padding", .ints([1, 0]))],
      [("w", OnnxRunner.numbers([4, 3, 3, 3])), ("b", OnnxRunner.numbers([3]))]),
    Use(
      "FusedConv", [[1, 2, 5, 5]], [("activation", .string("Relu"))], [("w", weight), ("b", OnnxRunner.numbers([6]))],
      domain: "com.microsoft"),
    Use(
      "MaxPool", [[1, 3, 7, 7]],
      [
        ("kernel_shape", .ints([3, 2])), ("strides", .ints([2, 2])), ("pads", .ints([1, 0, 1, 1])),
        ("ceil_mode", .int(1)),
      ]),
    Use(
      "AveragePool", [[1, 3, 7, 7]],
      [("kernel_shape", .ints([3, 3])), ("strides", .ints([2, 2])), ("pads", .ints([1, 1, 1, 1]))]),
    Use(
      "AveragePool", [[1, 3, 6, 6]],
      [("kernel_shape", .ints([2, 2])), ("count_include_pad", .int(1)), ("pads", .ints([1, 1, 0, 0]))]),
    Use("GlobalAveragePool", [[2, 3, 4, 5]]), Use("GlobalMaxPool", [[2, 3, 4, 5]]),
    Use(
      "BatchNormalization", [[2, 3, 4, 5]], [("epsilon", .float(1e-3))],
      [
        ("s", OnnxRunner.numbers([3])), ("h", OnnxRunner.numbers([3], shift: 1)),
        ("m", OnnxRunner.numbers([3], shift: -1)), ("v", OnnxRunner.numbers([3], shift: 2)),
      ]),
    Use(
      "InstanceNormalization", [[2, 3, 4, 5]], [],
      [("s", OnnxRunner.numbers([3])), ("h", OnnxRunner.numbers([3], shift: 1))]),
    Use("Relu", [[2, 3]]), Use("Sigmoid", [[2, 3]]), Use("Tanh", [[2, 3]]), Use("Softplus", [[2, 3]]),
    Use("HardSwish", [[2, 3]]), Use("Exp", [[2, 3]]), Use("Abs", [[2, 3]]), Use("Neg", [[2, 3]]),
    Use("Ceil", [[2, 3]]),
    Use("Floor", [[2, 3]]), Use("Round", [[2, 3]]), Use("Sign", [[2, 3]]), Use("Sin", [[2, 3]]), Use("Cos", [[2, 3]]),
    Use("Reciprocal", [[2, 3]]), Use("Mish", [[2, 3]], opset: 18),
    Use("LeakyRelu", [[2, 3]], [("alpha", .float(0.2))]), Use("Elu", [[2, 3]]), Use("HardSigmoid", [[2, 3]]),
    Use("Gelu", [[2, 3]], [("approximate", .string("tanh"))], opset: 20),
    Use("Clip", [[2, 3]], [], [("lo", float(-0.3)), ("hi", float(0.4))]),
    Use("Clip", [[2, 3]], [("min", .float(0))], opset: 6),
    Use("PRelu", [[2, 3, 2, 2]], [], [("s", OnnxRunner.numbers([3, 1, 1]))]),
    Use("PRelu", [[2, 3]], [], [("s", OnnxRunner.numbers([1]))]),
    Use("Add", [[2, 3, 4], [3, 1]]), Use("Sub", [[2, 3], [2, 3]]), Use("Mul", [[2, 3], [1]]),
    Use("Div", [[2, 3], [3]]),
    Use("Add", [[2, 3]], [], [("c", float(0.5))]), Use("Sub", [[2, 3]], [], [("c", float(0.5))]),
    Use("Mul", [[2, 3]], [], [("c", float(0.3))]), Use("Pow", [[2, 3]], [], [("c", float(2))]),
    Use("Max", [[2, 3], [3], [2, 1]]), Use("Min", [[2, 3], [3]]), Use("Sum", [[2, 3], [3], [1]]),
    Use("Softmax", [[2, 3, 4]], [("axis", .int(1))]), Use("Softmax", [[2, 3]], [("axis", .int(1))], opset: 11),
    Use("LogSoftmax", [[2, 3, 4]]),
    Use(
      "Gemm", [[2, 3]], [("transB", .int(1))], [("b", OnnxRunner.numbers([4, 3])), ("c", OnnxRunner.numbers([4]))]),
    Use("Gemm", [[3, 2], [3, 4], [2, 1]], [("transA", .int(1)), ("alpha", .float(0.5)), ("beta", .float(2))]),
    Use("MatMul", [[2, 3, 4], [4, 5]]),
    Use("ReduceSum", [[2, 3, 4]], [], [("a", longs([0, -1]))]),
    Use("ReduceMean", [[2, 3, 4]], [("axes", .ints([1])), ("keepdims", .int(0))]),
    Use("ReduceMax", [[2, 3, 4]], [("axes", .ints([1]))]), Use("ReduceMin", [[2, 3, 4]]),
    Use("ReduceL1", [[2, 3, 4]], [("axes", .ints([2]))]),
    Use("ReduceL2", [[2, 3, 4]], [("axes", .ints([2]))]), Use("ReduceSumSquare", [[2, 3, 4]], [("axes", .ints([0]))]),
    Use("Transpose", [[2, 3, 4]], [("perm", .ints([2, 0, 1]))]), Use("Transpose", [[2, 3, 4]]),
    Use("Reshape", [[2, 3, 4]], [], [("s", longs([0, -1]))]), Use("Reshape", [[2, 3, 4]], [], [("s", longs([4, 6]))]),
    Use("Flatten", [[2, 3, 4]], [("axis", .int(2))]), Use("Flatten", [[2, 3, 4]], [("axis", .int(0))]),
    Use("Unsqueeze", [[2, 3]], [], [("a", longs([0, -1]))]),
    Use("Unsqueeze", [[2, 3]], [("axes", .ints([1]))], opset: 11),
    Use("Squeeze", [[2, 1, 3, 1]], [], [("a", longs([-1]))]), Use("Squeeze", [[2, 1, 3, 1]]),
    Use("Concat", [[2, 3], [2, 1]], [("axis", .int(1))]),
    Use(
      "Slice", [[5, 6]], [],
      [("s", longs([1, -4])), ("e", longs([100, 5])), ("a", longs([0, 1])), ("t", longs([2, 1]))]),
    Use("Slice", [[5, 6]], [("starts", .ints([-2])), ("ends", .ints([9])), ("axes", .ints([1]))], opset: 9),
    Use("Gather", [[3, 4]], [("axis", .int(1))], [("i", Tensor(shape: [], [Int64(-1)]))]),
    Use("Gather", [[3, 4]], [], [("i", longs([2, 0, -1]))]),
    Use("Split", [[2, 7]], [("axis", .int(1))], [("s", longs([3, 4]))], outputs: 2),
    Use("Split", [[6, 2]], [("axis", .int(0))], outputs: 3),
    Use("Pad", [[2, 3]], [("mode", .string("reflect"))], [("p", longs([0, 1, 1, 2]))]),
    Use("Pad", [[2, 3]], [("mode", .string("edge"))], [("p", longs([0, 1, 1, 2]))]),
    Use("Pad", [[2, 3]], [], [("p", longs([0, 1, 1, 2])), ("v", float(0.7))]),
    Use("Pad", [[2, 3]], [("pads", .ints([1, 0, 0, 1])), ("value", .float(3))], opset: 10),
    Use("Expand", [[3, 1]], [], [("s", longs([2, 1, 4]))]),
    Use(
      "Resize", [[1, 2, 3, 4]],
      [
        ("mode", .string("nearest")), ("coordinate_transformation_mode", .string("asymmetric")),
        ("nearest_mode", .string("floor")),
      ], [("", float(0)), ("s", Tensor(shape: [4], [1, 1, 2, 2] as [Float]))]),
    Use(
      "Resize", [[1, 2, 3, 4]], [("mode", .string("linear"))],
      [("", float(0)), ("", float(0)), ("z", longs([1, 2, 5, 9]))]),
    Use(
      "Resize", [[1, 2, 3, 4]],
      [("mode", .string("linear")), ("coordinate_transformation_mode", .string("align_corners"))],
      [("", float(0)), ("", float(0)), ("z", longs([1, 2, 5, 9]))]),
    Use(
      "Resize", [[1, 2, 5, 6]], [("mode", .string("cubic"))],
      [("", float(0)), ("s", Tensor(shape: [4], [1, 1, 1.5, 2] as [Float]))]),
    Use(
      "Upsample", [[1, 2, 3, 4]], [("mode", .string("nearest"))], [("s", Tensor(shape: [4], [1, 1, 2, 3] as [Float]))],
      opset: 9),
    Use("Identity", [[2, 3]]), Use("Dropout", [[2, 3]], opset: 12), Use("Cast", [[2, 3]], [("to", .int(1))]),
  ]

  @Test(arguments: uses) func givesWhatTheOperatorGives(_ use: Use) throws {
    let native = OnnxRunner.check(use.model)
    #expect(native.isSound, "\(native.faults)")
    #expect(OnnxRunner.eagerOps(native).isEmpty)
    let fast = try OnnxRunner.run(use.model, use.inputs)
    // Constant and control flow have no eager op.
    let plain = try OnnxRunner.run(use.model, use.inputs, rules: OnnxRules([]))
    for index in 0..<use.outputs {
      OnnxRunner.expectClose(fast["y\(index)"], plain["y\(index)"], 1e-5, "\(use.testDescription) y\(index)")
    }
  }
}
