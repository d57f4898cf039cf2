import Language
import Models
import Tensors

/// Reads an array.
public enum TensorLoad {
  public static let op = Op(
    "tensor.load", doc: "Reads an .npy file, as f32 unless told otherwise.",
    inputs: [Port("file", "file", .one, "an .npy file")], outputs: [Port("tensor", "tensor")],
    params: [
      Param(
        "as", .choice(DType.allCases.map(\.rawValue) + ["keep"]), default: .string("f32"),
        "element type; keep is what the file holds")
    ],
    infer: { facts throws(Fault) in
      let dtype = DType(rawValue: facts.attributes.string("as"))
      guard case .file(let path)? = facts.value("file"), facts.probe != nil, let found = try? NPY.probe(path) else {
        return [.tensor(TensorType(dtype: dtype, shape: nil))]
      }
      return [.tensor(TensorType(dtype: dtype ?? found.dtype, shape: found.shape.map { Dim($0) }))]
    },
    action: .host(
      Host(queue: .io) { call throws(Fault) in
        let tensor = try NPY.read(call.path("file"))
        return [.tensor(DType(rawValue: call.attributes.string("as")).map { tensor.converted(to: $0) } ?? tensor)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TensorLoad.op, $0) }
