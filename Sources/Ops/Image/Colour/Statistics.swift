import Language

/// What networks were trained to see: how numbers of a picture become their input.
struct Statistics: Sendable {
  /// The unit that x is brought to before subtracting: white is 1, 255, or what it already is.
  let white: Double?
  let mean: [Double]
  let deviation: [Double]
  /// The colour order of the result; nil: as it is.
  let colour: String?
  /// What the type of the result says of its range.
  let range: String

  static let names = ["imagenet", "caffe", "half", "arcface", "custom"]

  /// torchvision's and most of PyTorch's: ImageNet's own mean and deviation of RGB 0..1.
  static let imagenet = Statistics(
    white: 1, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], colour: "rgb", range: "imagenet")
  /// Caffe's VGG (Simonyan & Zisserman) and Keras: BGR 0..255 minus ImageNet's mean.
  static let caffe = Statistics(
    white: 255, mean: [103.939, 116.779, 123.68], deviation: [1, 1, 1], colour: "bgr", range: "caffe")
  /// -1..1, as Inception and MobileNet take it, and InsightFace's (x - 127.5) / 127.5.
  static let half = Statistics(
    white: 1, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], colour: nil, range: "-1..1")
  /// ArcFace's and SCRFD's (x - 127.5) / 128 of RGB 0..255.
  static let arcface = Statistics(
    white: 255, mean: [127.5, 127.5, 127.5], deviation: [128, 128, 128], colour: "rgb", range: "normalised")

  static let params = [
    Param(
      "stats", .choice(names), default: .string("custom"),
      "imagenet: RGB 0..1 minus mean, by deviation (torchvision). caffe: BGR 0..255 minus mean (VGG by Caffe, Keras). "
        + "half: -1..1. arcface: (x - 127.5) / 128 of RGB 0..255. custom: as the other params say."),
    Param("mean", .numbers(.all, counts: []), default: .float(0), "custom: subtracted, by channel of the result."),
    Param("std", .numbers(.all, counts: []), default: .float(1), "custom: divided by, by channel of the result."),
    Param("scale", .number(.all), default: .float(1), "custom: x is multiplied by this first."),
    Param(
      "order", .choice(["keep", "rgb", "bgr"]), default: .string("keep"), "custom: colour order of the normalised side."
    ),
    Picture.rangeParam, Picture.layoutParam,
  ]

  init(white: Double?, mean: [Double], deviation: [Double], colour: String?, range: String) {
    self.white = white
    self.mean = mean
    self.deviation = deviation
    self.colour = colour
    self.range = range
  }

  init(_ attributes: Attributes) {
    switch attributes.string("stats") {
    case "imagenet": self = .imagenet
    case "caffe": self = .caffe
    case "half": self = .half
    case "arcface": self = .arcface
    default:
      let order = attributes.string("order")
      self.init(
        white: nil, mean: attributes.numbers("mean"), deviation: attributes.numbers("std"),
        colour: order == "keep" ? nil : order, range: "normalised")
    }
  }

  /// The map from a picture in RGB order, with values as `range` says, to the network's input.
  static func affine(_ attributes: Attributes, channels: Int) throws(Fault) -> ChannelAffine {
    let statistics = Statistics(attributes)
    let range = attributes.numbers("range")
    guard range[0] != range[1] else { throw .params("param \"range\" is empty") }
    func spread(_ values: [Double], _ name: String) throws(Fault) -> [Double] {
      if values.count == channels { return values }
      if Set(values).count == 1 { return Array(repeating: values[0], count: channels) }
      throw .shape("\(name) has \(values.count) numbers, but x has \(channels) channels")
    }
    let mean = try spread(statistics.mean, "mean")
    let deviation = try spread(statistics.deviation, "std")
    guard !deviation.contains(0) else { throw .params("param \"std\" holds 0") }
    if statistics.colour == "bgr", channels != 3 { throw .pictureChannels("x", Dim(channels), "3") }
    // white · (x - low) / (high - low), or scale · x where nothing is said of the unit.
    let factor = statistics.white.map { $0 / (range[1] - range[0]) } ?? attributes.number("scale")
    let shift = statistics.white == nil ? 0 : -range[0] * factor
    return ChannelAffine(
      order: statistics.colour == "bgr" ? [2, 1, 0] : Array(0..<channels),
      scale: deviation.map { factor / $0 }, offset: zip(mean, deviation).map { (shift - $0) / $1 })
  }
}
