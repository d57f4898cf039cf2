import Images
import Language
import Tensors

/// Writes on a picture.
public enum DrawText {
  public static let op = Op(
    "image.draw_text",
    doc: "The picture with text in the built-in font (printable ASCII, 6 by 10 pixels a letter at scale 1).",
    inputs: [
      Port("image", "image[H,W]"), Port("text", "any", .optional, "a string or number; else the param counts"),
    ],
    outputs: [Port("image", "image[H,W]")],
    params: [
      Param("text", .string, default: .null, "what to write; line feeds begin new lines"),
      Param("x", .int(-100_000...100_000), default: .int(4), "left edge; negative counts from the right"),
      Param("y", .int(-100_000...100_000), default: .int(4), "upper edge; negative counts from the bottom"),
      Param("colour", .string, default: .string("white"), "of the letters"),
      Param("background", .string, default: .null, "filled behind them; null is none"),
      Param("scale", .int(1...64), default: .int(1), "whole-number size"),
    ],
    infer: { facts throws(Fault) in
      _ = try facts.attributes.colour("colour")
      _ = try facts.attributes.colour("background")
      guard facts.isConnected("text") || facts.attributes.has("text") else {
        throw .params("image.draw_text needs the input or the param \"text\"")
      }
      return [facts.type("image")]
    },
    action: .host(
      Host { call throws(Fault) in
        let text: String
        switch call.value("text") {
        case nil: text = call.attributes.string("text")
        case .string(let value)?: text = value
        case let value?:
          guard let number = value.scalar else { throw .wrongValue("text", "string or number", value) }
          text = CSVText.number(number)
        }
        var canvas = Canvas(try call.image("image"))
        let (x, y) = (call.attributes.int("x"), call.attributes.int("y"))
        let size = Font.size(of: text, scale: call.attributes.int("scale"))
        canvas.text(
          text, x: x < 0 ? canvas.width - size.width + x : x, y: y < 0 ? canvas.height - size.height + y : y,
          try call.attributes.colour("colour")!, scale: call.attributes.int("scale"),
          background: try call.attributes.colour("background"))
        return [.image(canvas.image)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DrawText.op, $0) }
