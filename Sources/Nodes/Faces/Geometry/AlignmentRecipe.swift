import Images
import Language

/// Ways to bring a face into the position that an encoder was trained on. Each gives the map from the photo to the crop.
enum AlignmentRecipe: String, CaseIterable {
  case arcface, sface, dlib, openface, openfaceInner = "openface_inner", deepface

  /// Eyes, nose and corners of the mouth in a crop of 112 × 112, image left first: deepinsight/insightface,
  /// utils/face_align.py (arcface_dst).
  static let arcfacePoints = [
    Point(38.2946, 51.6963), Point(73.5318, 51.5014), Point(56.0252, 71.7366), Point(41.5493, 92.3655),
    Point(70.7299, 92.2041),
  ]

  /// Outer and inner corner of the person's left and right eye and the base of the nose, in a unit square: dlib,
  /// image_transforms/interpolation.h (get_face_chip_details for five points).
  static let dlibPoints = [
    Point(0.8595674595992, 0.2134981538014), Point(0.6460604764104, 0.2289674387677),
    Point(0.1205750620789, 0.2137274526848), Point(0.3340850613712, 0.2290642403242),
    Point(0.4901123135679, 0.6277975316475),
  ]
  /// The same points among the 68 of iBUG 300-W.
  static let dlibIndices = [45, 42, 36, 39, 33]

  /// Of OpenFace's 68-point template (openface/align_dlib.py) what is used, and its extent.
  static let openfacePoints: [Int: Point] = [
    33: Point(0.520712933176, 0.634268222208), 36: Point(0.252418718401, 0.331052263829),
    39: Point(0.403718978315, 0.33867711083), 42: Point(0.631326076346, 0.334136672344),
    45: Point(0.782865376271, 0.321305281656), 57: Point(0.525398405766, 0.841706377792),
  ]
  static let openfaceLow = Point(0.0792396913815, 0.182360984545)
  static let openfaceHigh = Point(0.971193274221, 1.06080371126)

  func map(_ face: Face, size: Int, padding: Double) throws(Fault) -> Affine {
    let side = Double(size)
    let found: Affine?
    switch self {
    case .arcface:
      found = Affine.similarity(from: try need(face, [5], "5"), to: AlignmentRecipe.arcface(size: size))
    case .sface:
      // FaceRecognizerSF knows one size; others are scaled. Its mean has four digits.
      let scale = side / 112
      found = Affine.similarity(
        from: try need(face, [5], "5"),
        to: AlignmentRecipe.arcfacePoints.map { Point($0.x * scale, $0.y * scale) },
        mean: Point(56.0262 * scale, 71.9008 * scale))
    case .dlib:
      let points = try need(face, [68], "68")
      found = Affine.similarity(
        from: AlignmentRecipe.dlibIndices.map { points[$0] },
        to: AlignmentRecipe.dlibPoints.map {
          Point((padding + $0.x) / (2 * padding + 1) * side, (padding + $0.y) / (2 * padding + 1) * side)
        })
    case .openface: found = openface(try need(face, [68], "68"), [36, 45, 33], side)
    case .openfaceInner: found = openface(try need(face, [68], "68"), [39, 42, 57], side)
    case .deepface: found = try AlignmentRecipe.eyeLine(face, try need(face, [5, 68], "5 or 68"), side)
    }
    guard let found, found.inverse != nil else { throw .collapsedPoints }
    return found
  }

  /// The template at a size: scaled from 112, except that multiples of 128 (and not of 112) stand 8/128 further right,
  /// as InsightFace does.
  static func arcface(size: Int) -> [Point] {
    let is128 = size % 112 != 0 && size % 128 == 0
    let ratio = Double(size) / (is128 ? 128 : 112)
    return arcfacePoints.map { Point($0.x * ratio + (is128 ? 8 * ratio : 0), $0.y * ratio) }
  }

  /// Three points to their places in the template stretched to fill the crop (OpenFace's MINMAX_TEMPLATE).
  private func openface(_ points: [Point], _ indices: [Int], _ side: Double) -> Affine? {
    let (low, high) = (AlignmentRecipe.openfaceLow, AlignmentRecipe.openfaceHigh)
    return Affine.through(
      from: indices.map { points[$0] },
      to: indices.map {
        let point = AlignmentRecipe.openfacePoints[$0]!
        return Point(side * (point.x - low.x) / (high.x - low.x), side * (point.y - low.y) / (high.y - low.y))
      })
  }

  /// deepface: turns about the middle of the box until the eyes are level, cuts out the box and fits it into the square,
  /// the rest black. Here in one step instead of two.
  private static func eyeLine(_ face: Face, _ points: [Point], _ side: Double) throws(Fault) -> Affine? {
    let eyes = points.count == 5 ? (points[0], points[1]) : (Face.mean(points[36..<42]), Face.mean(points[42..<48]))
    let (x, y) = (eyes.1.x - eyes.0.x, eyes.1.y - eyes.0.y)
    let length = (x * x + y * y).squareRoot()
    guard length > 0, face.box.width > 0, face.box.height > 0 else { return nil }
    let scale = side / max(face.box.width, face.box.height)
    let (cosine, sine) = (scale * x / length, scale * y / length)
    let centre = face.box.centre
    return Affine(
      cosine, sine, side / 2 - cosine * centre.x - sine * centre.y, -sine, cosine,
      side / 2 + sine * centre.x - cosine * centre.y)
  }

  private func need(_ face: Face, _ counts: [Int], _ words: String) throws(Fault) -> [Point] {
    guard counts.contains(face.points.count) else { throw .pointCount(rawValue, words, face.points.count) }
    return face.points
  }
}

extension Face {
  static func mean(_ points: ArraySlice<Point>) -> Point {
    let count = Double(max(1, points.count))
    return Point(points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
  }
}
