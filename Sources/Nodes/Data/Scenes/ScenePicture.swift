import Glibc
import Images
import Language
import Tensors

/// A grey picture at falling sizes, each half of the one before (the mean of 2 × 2), so that it can be sampled at any
/// scale without aliasing: L. Williams, "Pyramidal Parametrics", SIGGRAPH 1983, section 3.
struct ScenePicture: Sendable {
  private struct Level {
    let height: Int
    let width: Int
    let pixels: [UInt8]
  }

  private let levels: [Level]

  var height: Int { levels[0].height }
  var width: Int { levels[0].width }
  var byteCount: Int { levels.reduce(0) { $0 + $1.pixels.count } }

  init(_ path: String) throws(Fault) {
    let image = try ImageFile.read(path, DecodeOptions(format: .grey8))
    self.init(height: image.height, width: image.width, image.pixels.elements(UInt8.self))
  }

  init(height: Int, width: Int, _ pixels: [UInt8]) {
    var levels = [Level(height: height, width: width, pixels: pixels)]
    while let last = levels.last, min(last.height, last.width) >= 4 {
      let (rows, columns) = (last.height / 2, last.width / 2)
      var half = [UInt8](repeating: 0, count: rows * columns)
      for row in 0..<rows {
        for column in 0..<columns {
          let at = 2 * row * last.width + 2 * column
          let sum =
            Int(last.pixels[at]) + Int(last.pixels[at + 1]) + Int(last.pixels[at + last.width])
            + Int(last.pixels[at + last.width + 1])
          half[row * columns + column] = UInt8((sum + 2) / 4)
        }
      }
      levels.append(Level(height: rows, width: columns, pixels: half))
    }
    self.levels = levels
  }

  /// The value 0...1 at a place in pixels of the picture, whose first pixel's centre is (0.5, 0.5), for a result whose
  /// pixels are `step` of the picture's apart. The edge repeats outward.
  func sample(_ x: Double, _ y: Double, step: Double) -> Double {
    let number = min(levels.count - 1, max(0, Int(log2(max(1, step)))))
    let (level, scale) = (levels[number], Double(1 << number))
    let (u, v) = (x / scale - 0.5, y / scale - 0.5)
    let (left, top) = (u.rounded(.down), v.rounded(.down))
    let columns = (
      min(level.width - 1, max(0, Int(left))), min(level.width - 1, max(0, Int(left) + 1))
    )
    let rows = (
      min(level.height - 1, max(0, Int(top))) * level.width, min(level.height - 1, max(0, Int(top) + 1)) * level.width
    )
    let (fx, fy) = (u - left, v - top)
    func at(_ index: Int) -> Double { Double(level.pixels[index]) }
    let upper = (1 - fx) * at(rows.0 + columns.0) + fx * at(rows.0 + columns.1)
    let lower = (1 - fx) * at(rows.1 + columns.0) + fx * at(rows.1 + columns.1)
    return ((1 - fy) * upper + fy * lower) / 255
  }
}
