import Language
import Tensors

/// Wording of what can be wrong with the use of an op of pictures.
extension Fault {
  static func pictureRank(_ port: String, _ rank: Int) -> Fault {
    .shape("\(port) has \(rank) dimensions; a picture has 3, or 4 with a batch in front")
  }

  static func pictureChannels(_ port: String, _ channels: Dim, _ wanted: String) -> Fault {
    .shape("\(port) has \(channels) channels where \(wanted) are needed")
  }

  static func severalPictures(_ port: String, _ count: Dim) -> Fault {
    .shape("dimension 0 of \(port) is \(count): one picture at a time can be made of a tensor")
  }

  static func otherRange(_ port: String, _ have: String, _ want: String) -> Fault {
    Fault(
      "range", "value range: \(port) is \(have), but the param \"range\" says \(want)",
      notes: [Note("set \"range\", or bring the values into it first")])
  }

  static func otherColour(_ port: String, _ have: String, _ want: String) -> Fault {
    Fault("colour", "colour order: \(port) is \(have) where \(want) is needed")
  }

  static func layoutNotVisible(_ port: String, _ layout: String) -> Fault {
    .params("\(port) is \(layout), which its extents do not show; set the param \"layout\" to \"\(layout)\"")
  }

  static func layoutRank(_ layout: String, _ rank: Int) -> Fault {
    .shape("param \"layout\" is \(layout), but the input has \(rank) dimensions")
  }

  static func needsFormat(_ port: String) -> Fault {
    .type("the pixel format on \(port) must be known: convert it with image.convert")
  }

  static func notWithin(_ what: String, _ value: Int, _ port: String, _ extent: Dim) -> Fault {
    .shape("\(what) is \(value), outside \(port), which is \(extent)")
  }
}
