import Language

/// Sizes and numbers of made-up scenes.
struct SceneSettings: Sendable {
  let size: Int
  let faces: Int
  let decoys: Int
  let smallest: Double
  let largest: Double
  let strides: [Int]

  static let params: [Param] = [
    Param("size", .int(16...4096), default: .int(96), "side of a scene, px; a multiple of every stride"),
    Param("count", .int(.positive), default: .int(1_000_000), "scenes before they repeat"),
    Param("faces", .int(0...64), default: .int(3), "faces of a scene at most"),
    Param("decoys", .int(0...64), default: .int(2), "patches without a face at most, masked as faces are"),
    Param("smallest", .number(1...4096), default: .float(11), "side of a face (root of its box's area), px"),
    Param("largest", .number(1...4096), default: .float(60), "the same of the largest face"),
    Param(
      "strides", .ints(.positive, counts: []), default: .array([.int(8), .int(16)]), "pixels per cell of each level"),
  ]

  init(_ attributes: Attributes) throws(Fault) {
    size = attributes.int("size")
    (faces, decoys) = (attributes.int("faces"), attributes.int("decoys"))
    (smallest, largest) = (attributes.number("smallest"), attributes.number("largest"))
    strides = attributes.ints("strides")
    guard smallest <= largest, largest <= Double(size) else {
      throw .params("params \"smallest\" ≤ \"largest\" ≤ \"size\" do not hold: \(smallest), \(largest), \(size)")
    }
    guard !strides.isEmpty, strides.allSatisfy({ size % $0 == 0 }) else {
      throw .params("param \"size\" (\(size)) is not a multiple of every stride (\(strides))")
    }
  }

  /// Cells of all levels.
  var cells: Int { strides.reduce(0) { $0 + (size / $1) * (size / $1) } }

  /// Sides of the faces that a level answers for; neighbours share what lies between.
  func sides(_ level: Int) -> ClosedRange<Double> {
    let stride = Double(strides[level])
    return (level == 0 ? 0 : 1.4 * stride)...(level == strides.count - 1 ? .infinity : 3.4 * stride)
  }
}
