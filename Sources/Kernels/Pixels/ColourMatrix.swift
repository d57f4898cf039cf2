/// A linear map of three colour planes: y = matrix x + offset, per pixel; the gradient is the transposed map.
public struct ColourMatrix: Sendable, Hashable {
  /// Three rows of three.
  public let rows: [SIMD3<Float>]
  public let offset: SIMD3<Float>

  public init(rows: [SIMD3<Float>], offset: SIMD3<Float> = .zero) {
    precondition(rows.count == 3, "a colour matrix has three rows")
    self.rows = rows
    self.offset = offset
  }

  /// RGB to full-range YCbCr of JPEG (BT.601); `centre` is added to Cb and Cr (0.5 for the range 0...1, 128 for 255).
  public static func rgbToYCbCr(centre: Float) -> ColourMatrix {
    ColourMatrix(
      rows: [
        SIMD3(0.299, 0.587, 0.114), SIMD3(-0.168735892, -0.331264108, 0.5), SIMD3(0.5, -0.418687589, -0.081312411),
      ], offset: SIMD3(0, centre, centre))
  }

  /// RGB to analogue YUV (BT.601).
  public static let rgbToYUV = ColourMatrix(rows: [
    SIMD3(0.299, 0.587, 0.114), SIMD3(-0.14713769, -0.28886231, 0.436), SIMD3(0.615, -0.51498573, -0.10001427),
  ])

  /// RGB to YIQ (NTSC).
  public static let rgbToYIQ = ColourMatrix(rows: [
    SIMD3(0.299, 0.587, 0.114), SIMD3(0.59590059, -0.27455667, -0.32134392), SIMD3(0.21153661, -0.52273617, 0.31119955),
  ])

  /// Grey in all three planes (BT.601 luma).
  public static let rgbToGrey = ColourMatrix(rows: [SIMD3<Float>](repeating: SIMD3(0.299, 0.587, 0.114), count: 3))

  /// The way back, computed in Double; the matrix must not be singular.
  public var inverse: ColourMatrix {
    let m = rows.map { SIMD3<Double>($0) }
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let columns = [cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])]
    let determinant = (m[0] * columns[0]).sum()
    let back = (0..<3).map { r in SIMD3(columns[0][r], columns[1][r], columns[2][r]) / determinant }
    let shift = SIMD3<Double>(offset)
    return ColourMatrix(
      rows: back.map { SIMD3<Float>($0) },
      offset: SIMD3<Float>(SIMD3((0..<3).map { -(back[$0] * shift).sum() })))
  }

  /// The gradient's map.
  public var transposed: ColourMatrix {
    ColourMatrix(rows: (0..<3).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) })
  }

  /// Maps a range of pixels of three planes `area` apart; x and y may be the same.
  public func apply(pixels: Range<Int>, area: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    for i in pixels {
      let (r, g, b) = (x[i], x[area + i], x[2 * area + i])
      for plane in 0..<3 {
        y[plane * area + i] = rows[plane].x * r + rows[plane].y * g + rows[plane].z * b + offset[plane]
      }
    }
  }
}
