import Language
import Models
import Tensors

/// Opens a weight file.
public enum WeightsLoad {
  public static let op = Op(
    "weights.load",
    doc: """
      Opens a file of named tensors: .safetensors, .npz, .npy, .onnx, or a folder of .npy files. Numbers are read when \
      they are used; half precision becomes f32, unless "precision" is "stored". rename maps names in the file to names in the network, one * on each side \
      standing for the same text ("features.*.kernel": "conv*.weight"); layout HWIO turns kernels [h, w, in, out] and \
      matrices [in, out] into the network's own [out, in, h, w] and [out, in].
      """,
    inputs: [Port("file", "file", .one, "a weight file")], outputs: [Port("weights", "weights")],
    params: [
      Param("rename", .any, default: .null, "names in the file and what the network calls them"),
      Param("layout", .choice(["OIHW", "HWIO"]), default: .null, "axes of kernels in the file; null is OIHW"),
      Param(
        "precision", .choice(["single", "stored"]), default: .string("single"),
        "whether half and double precision become f32"),
    ],
    infer: { facts throws(Fault) in
      _ = try rename(facts.attributes, for: "weights")
      return [.weights]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let path = try call.path("file")
        let file = try WeightFile(
          path, rename: rename(call.attributes, for: path), layout: layout(call.attributes),
          widens: call.attributes.string("precision") == "single")
        return [.weights(file.set(content: try FileContent.digest(path)))]
      }))

  static func layout(_ attributes: Attributes) -> WeightLayout {
    attributes["layout"] == .string("HWIO") ? .hwio : .oihw
  }

  static func rename(_ attributes: Attributes, for path: String) throws(Fault) -> Rename {
    switch attributes["rename"] {
    case nil, .null?: return .none
    case .object(let entries)?:
      var table: [String: String] = [:]
      for (from, to) in entries.sorted(by: { $0.key < $1.key }) {
        guard case .string(let text) = to else { throw .badRename("\"\(from)\" is given \(to.kind)") }
        table[from] = text
      }
      return try Rename(table, for: path)
    case let other?: throw .badRename("it is \(other.kind)")
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WeightsLoad.op, $0) }
