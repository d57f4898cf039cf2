import Language

/// How the outputs of a detection network say where faces are. All numbers are in pixels of the network's input.
struct DetectorPreset: Sendable, Equatable {
  enum Boxes: String, Sendable, CaseIterable {
    /// Left, top, right and bottom distance from the anchor's centre, in strides (SCRFD; FCOS).
    case distance
    /// Centre as an offset from the cell's corner and the logarithm of the size, in strides (YuNet).
    case cell
    /// Centre offset and logarithm of the size against an anchor of its own size, scaled by variances (SSD, Liu et al.
    /// 2016, section 2.2; RetinaFace).
    case prior
    /// Corners as shares of the input's width and height, decoded by the network itself.
    case corners
  }

  enum Scores: String, Sendable, CaseIterable {
    /// One number per anchor.
    case single
    /// The geometric mean of two: sqrt(class · objectness), both limited to 0...1.
    case product
    /// Background and face: the second.
    case background
  }

  var boxes: Boxes
  var scores: Scores
  var strides: [Int]
  /// Anchors per cell; with `boxes` prior, their sides per stride stand in `sides`.
  var anchors: [Int]
  var sides: [[Double]]
  /// Where in its cell an anchor lies: 0 is the corner, 0.5 the middle.
  var offset: Double
  var variances: [Double]

  /// deepinsight/insightface, detection/scrfd: no half-cell offset.
  static let scrfd = DetectorPreset(
    boxes: .distance, scores: .single, strides: [8, 16, 32], anchors: [2], sides: [], offset: 0, variances: [1, 1])
  /// The five-level form of SCRFD.
  static let scrfd5 = DetectorPreset(
    boxes: .distance, scores: .single, strides: [8, 16, 32, 64, 128], anchors: [1], sides: [], offset: 0,
    variances: [1, 1])
  /// libfacedetection, OpenCV's FaceDetectorYN.
  static let yunet = DetectorPreset(
    boxes: .cell, scores: .product, strides: [8, 16, 32], anchors: [1], sides: [], offset: 0, variances: [1, 1])
  /// biubug6/Pytorch_Retinaface, data/config.py.
  static let retinaface = DetectorPreset(
    boxes: .prior, scores: .background, strides: [8, 16, 32], anchors: [2],
    sides: [[16, 32], [64, 128], [256, 512]], offset: 0.5, variances: [0.1, 0.2])
  /// Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB, as exported: boxes decoded inside.
  static let ultraface = DetectorPreset(
    boxes: .corners, scores: .background, strides: [8, 16, 32, 64], anchors: [3, 2, 2, 3],
    sides: [[10, 16, 24], [32, 48], [64, 96], [128, 192, 256]], offset: 0.5, variances: [0.1, 0.2])

  static let names = ["auto", "scrfd", "yunet", "retinaface", "ultraface"]

  static let params = [
    Param(
      "kind", .choice(names), default: .string("auto"),
      "the family of networks, whose settings are used; auto tells it by the shapes of the outputs"),
    Param("boxes", .choice(Boxes.allCases.map(\.rawValue)), default: .null, "how boxes and points are written"),
    Param("scores", .choice(Scores.allCases.map(\.rawValue)), default: .null, "how scores are written"),
    Param("strides", .ints(.positive, counts: []), default: .null, "pixels per cell of each output level"),
    Param("anchors", .ints(.positive, counts: []), default: .null, "anchors per cell, one number or one per stride"),
    Param("sides", .any, default: .null, "sides of the anchors per stride, [[16, 32], …], for boxes \"prior\""),
    Param("offset", .number(.unit), default: .null, "place of the anchors in their cell: 0 the corner, 0.5 the middle"),
    Param("variances", .numbers(.natural, counts: [2]), default: .null, "of centre and size, for boxes \"prior\""),
  ]

  /// The preset of a kind, or of what the outputs look like, with the settings that are given.
  init(_ attributes: Attributes, _ outputs: DetectorOutputs) throws(Fault) {
    let kind = attributes.string("kind")
    switch kind {
    case "scrfd": self = outputs.levels == 5 ? .scrfd5 : .scrfd
    case "yunet": self = .yunet
    case "retinaface": self = .retinaface
    case "ultraface": self = .ultraface
    default: self = try outputs.preset()
    }
    try apply(attributes)
  }

  init(
    boxes: Boxes, scores: Scores, strides: [Int], anchors: [Int], sides: [[Double]], offset: Double,
    variances: [Double]
  ) {
    (self.boxes, self.scores, self.strides, self.anchors) = (boxes, scores, strides, anchors)
    (self.sides, self.offset, self.variances) = (sides, offset, variances)
  }

  private mutating func apply(_ attributes: Attributes) throws(Fault) {
    if attributes.has("boxes") { boxes = Boxes(rawValue: attributes.string("boxes"))! }
    if attributes.has("scores") { scores = Scores(rawValue: attributes.string("scores"))! }
    if attributes.has("strides") { strides = attributes.ints("strides") }
    if attributes.has("offset") { offset = attributes.number("offset") }
    if attributes.has("variances") { variances = attributes.numbers("variances", count: 2) }
    if attributes.has("sides") { sides = try DetectorPreset.sides(attributes["sides"]!, strides.count) }
    if attributes.has("anchors") { anchors = attributes.ints("anchors") }
    if boxes == .prior { anchors = sides.map(\.count) }
    if anchors.count == 1 { anchors = Array(repeating: anchors[0], count: strides.count) }
    guard anchors.count == strides.count else {
      throw .params("\(strides.count) strides, but \(anchors.count) numbers of anchors")
    }
  }

  /// The shape rule's part: whatever is wrong with the params alone.
  static func check(_ attributes: Attributes) throws(Fault) {
    guard attributes.has("sides") else { return }
    _ = try sides(attributes["sides"]!, attributes.has("strides") ? attributes.ints("strides").count : nil)
  }

  private static func sides(_ literal: Literal, _ count: Int?) throws(Fault) -> [[Double]] {
    guard case .array(let levels) = literal else { throw badSides }
    var sides: [[Double]] = []
    for level in levels {
      guard case .array(let items) = level, !items.isEmpty else { throw badSides }
      let numbers = items.compactMap(\.number)
      guard numbers.count == items.count, numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw badSides }
      sides.append(numbers)
    }
    if let count, sides.count != count { throw .params("\(count) strides, but sides for \(sides.count)") }
    return sides
  }

  private static var badSides: Fault {
    .params("param \"sides\" takes a list of lists of numbers above 0, one list per stride")
  }
}

extension Attributes {
  func numbers(_ name: String, count: Int) -> [Double] {
    let list = numbers(name)
    return list.count == 1 ? Array(repeating: list[0], count: count) : list
  }
}
