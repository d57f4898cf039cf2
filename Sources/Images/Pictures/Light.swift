import Tensors

/// A colour as three Doubles, 0...1 where shown; arithmetic for the pictures.
typealias Light = SIMD3<Double>

extension SIMD3 where Scalar == Double {
  /// From 0...255 numbers.
  init(_ red: Int, _ green: Int, _ blue: Int) { self = SIMD3(Double(red), Double(green), Double(blue)) / 255 }

  @inline(__always) func mixed(_ other: Self, _ part: Double) -> Self { self + (other - self) * part }
  var brightness: Double { 0.299 * x + 0.587 * y + 0.114 * z }

  /// The colour between those of `stops` (position, colour), which are in rising order.
  static func gradient(_ stops: [(Double, Self)], at position: Double) -> Self {
    guard let next = stops.firstIndex(where: { $0.0 >= position }) else { return stops.last!.1 }
    guard next > 0 else { return stops[0].1 }
    let (from, to) = (stops[next - 1], stops[next])
    return from.1.mixed(to.1, ramp(from.0, to.0, position))
  }
}

/// A grid of colours that becomes a picture.
struct LightField {
  let width: Int
  let height: Int
  var cells: [Light]

  init(width: Int, height: Int, fill: Light = .zero) {
    (self.width, self.height) = (width, height)
    cells = Array(repeating: fill, count: width * height)
  }

  subscript(_ x: Int, _ y: Int) -> Light {
    @inline(__always) get { cells[y * width + x] }
    @inline(__always) set { cells[y * width + x] = newValue }
  }

  /// rgb8, each pixel the mean of `samples` × `samples` cells; values are cut to 0...1.
  func image(samples: Int = 1) -> Image {
    let (columns, rows) = (width / samples, height / samples)
    return Image(
      format: .rgb8,
      pixels: Tensor(UInt8.self, shape: [rows, columns, 3]) { target in
        for y in 0..<rows {
          for x in 0..<columns {
            var sum = Light.zero
            for dy in 0..<samples { for dx in 0..<samples { sum += self[x * samples + dx, y * samples + dy] } }
            let level = (sum / Double(samples * samples)).clamped(lowerBound: .zero, upperBound: .one) * 255
            for c in 0..<3 { target[(y * columns + x) * 3 + c] = UInt8(level[c].rounded()) }
          }
        }
      })
  }
}
