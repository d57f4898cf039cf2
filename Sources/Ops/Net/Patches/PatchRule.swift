import Language
import Tensors

/// What the ops of patches have in common: where patches lie in features [1, C, H, W].
struct PatchPlan: Sendable {
  static let params = [
    Param("kernel", .int(1...64), default: .int(3), "side of a patch"),
    Param("stride", .int(1...64), default: .int(1), "from one patch to the next"),
  ]

  let channels: Int
  let height: Int
  let width: Int
  let kernel: Int
  let stride: Int

  init(_ shape: [Int], _ attributes: Attributes) {
    (channels, height, width) = (shape[1], shape[2], shape[3])
    kernel = attributes.int("kernel")
    stride = attributes.int("stride")
  }

  var rows: Int { (height - kernel) / stride + 1 }
  var columns: Int { (width - kernel) / stride + 1 }
  var count: Int { rows * columns }
  /// Numbers in a patch: channel by channel, each row by row.
  var length: Int { channels * kernel * kernel }

  /// Index of the top left element of a patch in a plane.
  func corner(_ patch: Int) -> Int { patch / columns * stride * width + patch % columns * stride }

  func copy(_ patch: Int, from x: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>) {
    let start = corner(patch)
    var index = 0
    for channel in 0..<channels {
      for row in 0..<kernel {
        let source = x + channel * height * width + start + row * width
        for column in 0..<kernel { out[index + column] = source[column] }
        index += kernel
      }
    }
  }

  /// Patches along one side as an extent; throws where a known side is smaller than a patch.
  static func extents(_ facts: Facts, _ port: String) throws(Fault) -> (channels: Dim, rows: Dim, columns: Dim)? {
    guard let shape = try Shapes.extents(facts, port, rank: 4) else { return nil }
    try Shapes.require(shape[0], equals: 1, port, 0, because: "patches are cut from one item")
    let (kernel, stride) = (facts.attributes.int("kernel"), facts.attributes.int("stride"))
    for dimension in 2...3 {
      if let extent = shape[dimension].value, extent < kernel {
        throw .patchTooLarge(port, dimension, extent, kernel)
      }
    }
    func patches(_ extent: Dim) -> Dim { extent.value.map { Dim(($0 - kernel) / stride + 1) } ?? .symbol("?patches") }
    return (shape[1], patches(shape[2]), patches(shape[3]))
  }
}
