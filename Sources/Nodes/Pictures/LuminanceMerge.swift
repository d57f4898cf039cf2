import Images
import Language
import Tensors

/// The brightness of one picture with the colours of another.
public enum LuminanceMerge {
  public static let op = Op(
    "image.luminance_merge",
    doc: """
      Brightness (ITU-R BT.601) of "image", colour differences U and V of "colours": a styled picture in its original \
      colours.
      """,
    inputs: [Port("image", "image[H,W]"), Port("colours", "image[H,W]")], outputs: [Port("image", "image[H,W]")],
    infer: { facts throws(Fault) in [facts.image("image").colour] },
    action: .host(
      Host { call throws(Fault) in
        var (result, colours) = try call.colourPair("image", "colours")
        for pixel in 0..<result.pixelCount {
          // With U and V kept, a change of Y is the same change of red, green and blue.
          let change = result.luminance(pixel) - colours.luminance(pixel)
          for c in 0..<3 { result.values[3 * pixel + c] = colours.values[3 * pixel + c] + change }
        }
        return [.image(result.image)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(LuminanceMerge.op, $0) }
