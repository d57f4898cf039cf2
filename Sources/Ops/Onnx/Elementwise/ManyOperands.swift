import Language
import Tensors

/// ONNX Max, Min, Sum and Mean (versions 8 to 13) of any number of tensors, broadcast. Max and Min let NaN through. Sum and
/// Mean of 16-bit floats are rounded once, at the end.
enum ManyOperands {
  static let ops = [
    extremum("Max", "The largest of the inputs.", "max", Larger.self),
    extremum("Min", "The smallest of the inputs.", "min", Smaller.self),
    sum("Sum", "The sum of the inputs.", "sum", isMean: false),
    sum("Mean", "The mean of the inputs.", "mean", isMean: true),
  ]

  private static func extremum<F: BinaryNumber>(
    _ name: String, _ doc: String, _ output: String, _ function: F.Type
  ) -> Op {
    OnnxOperator.make(name, doc, "data_0*", output, infer: Inference.broadcast("data_0")) { call throws(Fault) in
      let inputs = try call.tensors("data_0")
      var result = inputs[0]
      for input in inputs.dropFirst() { result = try F.run(result, input, ("data_0", "data_0")) }
      return [result]
    }
  }

  private static func sum(_ name: String, _ doc: String, _ output: String, isMean: Bool) -> Op {
    OnnxOperator.make(name, doc, "data_0*", output, infer: Inference.broadcast("data_0")) { call throws(Fault) in
      let inputs = try call.tensors("data_0")
      let dtype = try inputs[0].requireFloat("data_0").dtype
      var result = inputs[0].converted(to: .f64)
      for input in inputs.dropFirst() {
        guard input.dtype == dtype else { throw .elementTypes("data_0", dtype, "data_0", input.dtype) }
        result = try Plus.run(result, input.converted(to: .f64))
      }
      if isMean {
        let count = Double(inputs.count)
        result = result.mapped(Double.self, to: .f64) { (x: Double) in x / count }
      }
      return [result.converted(to: dtype)]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(ManyOperands.ops, $0) }
