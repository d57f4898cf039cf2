import Images
import Language
import Tensors

/// The channels of activations as pictures in a grid.
public enum ChannelSheet {
  public static let op = Op(
    "image.channels",
    doc: """
      One grey picture per channel of [1, C, H, W] (or, with colour, one picture per filter [O, 3, H, W]) in a grid. \
      range spreads each channel from its smallest to its largest number; deviation puts its mean at the middle grey and \
      five deviations at black and white, as quiver does; all spreads all channels alike.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[1, C, H, W], or filters [O, 3, H, W]")],
    outputs: [Port("image", "image<rgb8>[H,W]")],
    params: [
      Param("scale", .choice(["range", "deviation", "all"]), default: .string("range"), "what black and white are"),
      Param("colour", .bool, default: .bool(false), "three input channels are red, green and blue"),
      Param("most", .int(1...4096), default: .int(64), "channels shown, the first ones"),
      Param("zoom", .int(1...64), default: .int(1), "pixels per element, across and down"),
      Param("columns", .int(.positive), default: .null, "cells across; null makes the sheet about square"),
      Param("gap", .int(0...100), default: .int(2), "pixels between the cells"),
    ],
    infer: { facts throws(Fault) in
      if let shape = facts.tensor("x").shape, shape.count != 4 {
        throw .shape("x has \(shape.count) dimensions; 4 are needed")
      }
      return [.image(ImageType(format: .rgb8, height: .symbol("H"), width: .symbol("W")))]
    },
    action: .host(
      Host { call throws(Fault) in
        let x = try call.tensor("x")
        let (attributes, numbers) = (call.attributes, x.numbers)
        let isColour = attributes.bool("colour") && x.shape[1] == 3
        let cells = isColour ? x.shape[0] : x.shape[0] * x.shape[1]
        let (height, width, parts) = (x.shape[2], x.shape[3], isColour ? 3 : 1)
        let area = height * width * parts
        let zoom = attributes.int("zoom")
        let all = limits(numbers[...], attributes.string("scale"))
        var images: [Image] = []
        for cell in 0..<min(cells, attributes.int("most")) {
          let values = numbers[cell * area..<(cell + 1) * area]
          let (low, high) = attributes.string("scale") == "all" ? all : limits(values, attributes.string("scale"))
          var samples = [UInt8]()
          samples.reserveCapacity(height * width * zoom * zoom * 3)
          for row in 0..<height * zoom {
            for column in 0..<width * zoom {
              for channel in 0..<3 {
                let part = isColour ? channel * height * width : 0
                let value = values[values.startIndex + part + row / zoom * width + column / zoom]
                let share = high > low ? (value - low) / (high - low) : 0.5
                samples.append(share.isNaN ? 0 : UInt8((min(max(share, 0), 1) * 255).rounded()))
              }
            }
          }
          images.append(Image(format: .rgb8, pixels: Tensor(shape: [height * zoom, width * zoom, 3], samples)))
        }
        let sheet = ContactSheet(
          columns: attributes.has("columns") ? attributes.int("columns") : nil, gap: attributes.int("gap"))
        return [.image(try sheet.render(images))]
      }))

  private static func limits(_ values: ArraySlice<Double>, _ scale: String) -> (Double, Double) {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return (0, 0) }
    guard scale == "deviation" else { return (low, high) }
    let mean = finite.reduce(0, +) / Double(finite.count)
    let spread = (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(finite.count)).squareRoot()
    return (mean - 5 * spread, mean + 5 * spread)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ChannelSheet.op, $0) }
