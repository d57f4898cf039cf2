import Language

/// Changes brightness, contrast and saturation at random.
public enum AugmentColour {
  public static let op = Augmentation.op(
    "augment.colour",
    doc: """
      Multiplies a picture's brightness, then its distance from its mean grey (contrast), then each pixel's distance from \
      its own grey (saturation; ITU-R BT.601) by factors evenly spread over 1 ± the param. Values are not clipped.
      """,
    params: [
      Param("brightness", .number(0...1), default: .float(0.2), "largest change of the factor"),
      Param("contrast", .number(0...1), default: .float(0.2), "largest change of the factor"),
      Param("saturation", .number(0...1), default: .float(0.2), "largest change of the factor; rgb only"),
    ], numbers: 3
  ) { attributes in
    let reach = ["brightness", "contrast", "saturation"].map { Float(attributes.number($0)) }
    return { picture in
      let factors = (0..<3).map { 1 + reach[$0] * (2 * picture.numbers[$0] - 1) }
      let isColour = picture.channels == 3
      func grey(_ place: Int) -> Float {
        guard isColour else { return picture.x[place] }
        return 0.299 * picture.x[place] + 0.587 * picture.x[picture.area + place]
          + 0.114 * picture.x[2 * picture.area + place]
      }
      var sum = 0.0
      for place in 0..<picture.area { sum += Double(grey(place)) }
      let mean = Float(sum / Double(max(1, picture.area))) * factors[0]
      for place in 0..<picture.area {
        let own = mean + (grey(place) * factors[0] - mean) * factors[1]
        for channel in 0..<picture.channels {
          let index = channel * picture.area + place
          let value = mean + (picture.x[index] * factors[0] - mean) * factors[1]
          picture.y[index] = isColour ? own + (value - own) * factors[2] : value
        }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AugmentColour.op, $0) }
