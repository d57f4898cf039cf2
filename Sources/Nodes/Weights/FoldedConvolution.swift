import Language
import Models
import Tensors

/// A convolution's weight and bias with the batch normalisation behind it folded in.
public enum FoldedConvolution {
  public static let op = Op(
    "weights.folded_convolution",
    doc: """
      Weight and bias of a convolution in an .onnx file, changed so that the convolution alone computes what it and the \
      batch normalisation behind it compute. Tensors are named as in the file.
      """,
    inputs: [Port("file", "file", .one, "an .onnx file")],
    outputs: [Port("weight", "tensor<f32>[O,I,K,L]"), Port("bias", "tensor<f32>[O]")],
    params: [
      Param("weight", .string, "of the convolution"),
      Param("bias", .string, default: .null, "of the convolution; null when it has none"),
      Param("scale", .string, "gamma"), Param("shift", .string, "beta"), Param("mean", .string, "running mean"),
      Param("variance", .string, "running variance"), Param("epsilon", .number(.natural), "added to the variance"),
      Param("shape", .ints(.natural, counts: [4]), "extents of the weight"),
    ],
    isInternal: true,
    infer: { facts throws(Fault) in
      let shape = facts.attributes.ints("shape").map { Dim($0) }
      return [.f32(shape), .f32([shape[0]])]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let attributes = call.attributes
        let folding = BatchNormFolding(
          weight: attributes.string("weight"), bias: attributes.has("bias") ? attributes.string("bias") : nil,
          scale: attributes.string("scale"), shift: attributes.string("shift"), mean: attributes.string("mean"),
          variance: attributes.string("variance"), epsilon: attributes.number("epsilon"))
        let folded = try OnnxFile.open(try call.path("file")).folded(folding)
        return [.tensor(folded.weight), .tensor(folded.bias)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FoldedConvolution.op, $0) }
