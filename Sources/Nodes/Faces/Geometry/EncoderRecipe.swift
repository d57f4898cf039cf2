import Language
import Tensors

/// Says how a face came before an encoder.
public enum EncoderRecipe {
  public static let op = Op(
    "face.recipe",
    doc: """
      The words for how a face is brought before an encoder: position, size and normalisation, and, where the position \
      comes from the box, the detector with the beginning of its digest, for boxes of two detectors differ. A gallery \
      holds embeddings of one recipe only.
      """,
    inputs: [
      Port("face", "face"),
      Port("detector", "any", .optional, "what found the box: a file, or a name"),
    ],
    outputs: [Port("recipe", "string")],
    params: [
      Param("place", .choice(["aligned", "boxed"]), default: .string("aligned"), "by points, or by the box"),
      Param("recipe", .string, default: .string("arcface"), "of face.align"),
      Param("size", .int(1...8192), default: .int(112), "side of the crop, in pixels"),
      Param("mean", .any, default: .int(0), "taken from RGB 0..255: a number, or three"),
      Param("std", .any, default: .int(1), "what that is divided by"),
    ],
    infer: { _ throws(Fault) in [.string] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let face = try call.face("face")
        let name = call.attributes.string("recipe")
        // face.align stretches the box where there are no points to align.
        let isBoxed =
          call.attributes.string("place") == "boxed"
          || (face.points.isEmpty && !face.isWholePicture && ["arcface", "sface"].contains(name))
        let (mean, std) = (text(call.attributes["mean"]), text(call.attributes["std"]))
        var words = "\(isBoxed ? "box" : name) \(call.attributes.int("size")), (rgb - \(mean)) / \(std)"
        if isBoxed { words += ", boxes of \(try detector(call))" }
        return [.string(words)]
      }))

  private static func text(_ literal: Literal?) -> String {
    switch literal {
    case .array(let items)?: "[" + items.map(text).joined(separator: ", ") + "]"
    case let literal?: literal.number.map(CSVText.number) ?? "\(literal)"
    case nil: "nothing"
    }
  }

  private static func detector(_ call: HostCall) throws(Fault) -> String {
    switch call.value("detector") {
    case nil, .none?: return "an unnamed detector"
    case .string(let name)?: return name
    case .file(let path)?:
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return "\(name) (\("\(try ModelDigests.shared.digest(path))".prefix(8)))"
    case let other?: throw .wrongValue("detector", "model", other)
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(EncoderRecipe.op, $0) }
