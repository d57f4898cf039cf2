import CKernels

/// An affine warp with bilinear sampling: the pixel at (column, row) of the output reads the input at
/// (a * column + b * row + c, d * column + e * row + f), in pixel-centre coordinates, beyond which lies `border`.
public struct Warp: Sendable, Hashable {
  public let input: Extent
  public let output: Extent
  /// The inverse map a, b, c, d, e, f: from output to input.
  public let matrix: SIMD8<Double>
  public let border: Float

  public init(
    input: Extent, output: Extent, a: Double, b: Double, c: Double, d: Double, e: Double, f: Double, border: Float = 0
  ) {
    self.input = input
    self.output = output
    matrix = SIMD8(a, b, c, d, e, f, 0, 0)
    self.border = border
  }

  /// Image [height, width, channels] of bytes, a range of output rows. The arithmetic is that of OpenCV 5's warpAffine
  /// with INTER_LINEAR: matrix and weights in float, a position's row part first, products added unrounded (fused multiply-adds,
  /// in positions as in pixels), halves to even.
  public func run(rows: Range<Int>, channels: Int, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>) {
    precondition((1...4).contains(channels), "a pixel has 1 to 4 channels")
    let m = SIMD8<Float>(matrix)
    let kernels = weft_kernels()
    for row in rows {
      var settings = weft_warp_row(
        height: input.height, width: input.width, channels: channels, u: m[1] * Float(row) + m[2], u_step: m[0],
        v: m[4] * Float(row) + m[5], v_step: m[3], border: border)
      kernels.pointee.byte_warp(&settings, output.width, x, y + row * output.width * channels)
    }
  }

  /// Planes [.., height, width] of floats.
  public func run(planes: Range<Int>, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    for plane in planes {
      let (source, target) = (x + plane * input.height * input.width, y + plane * output.height * output.width)
      sample(0..<output.height) { index, corners in target[index] = corners.blend(border) { source[$0] } }
    }
  }

  /// dx = the gradient of the planes, from dy; overwrites dx.
  public func gradient(planes: Range<Int>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>) {
    for plane in planes {
      let (slope, target) = (dy + plane * output.height * output.width, dx + plane * input.height * input.width)
      target.update(repeating: 0, count: input.height * input.width)
      sample(0..<output.height) { index, corners in
        for corner in 0..<4 where corners.places[corner] >= 0 {
          target[corners.places[corner]] += slope[index] * corners.weights[corner]
        }
      }
    }
  }

  /// The four neighbours of a position; a place of -1 lies outside.
  struct Corners {
    let places: SIMD4<Int>
    let weights: SIMD4<Float>

    @inline(__always)
    func blend(_ border: Float, _ value: (Int) -> Float) -> Float {
      var sum: Float = 0
      for corner in 0..<4 where weights[corner] != 0 {
        sum += (places[corner] < 0 ? border : value(places[corner])) * weights[corner]
      }
      return sum
    }
  }

  @inline(__always)
  private func sample(_ rows: Range<Int>, _ visit: (Int, Corners) -> Void) {
    for row in rows {
      for column in 0..<output.width {
        let u = matrix[0] * Double(column) + matrix[1] * Double(row) + matrix[2]
        let v = matrix[3] * Double(column) + matrix[4] * Double(row) + matrix[5]
        // Far outside (or not a number) everything is border; the limit keeps the conversion to Int safe.
        let near = abs(u) < 1e9 && abs(v) < 1e9
        let (left, top) = near ? (Int(u.rounded(.down)), Int(v.rounded(.down))) : (-9, -9)
        let (p, q) = near ? (Float(u - Double(left)), Float(v - Double(top))) : (0, 0)
        func place(_ x: Int, _ y: Int) -> Int {
          x >= 0 && y >= 0 && x < input.width && y < input.height ? y * input.width + x : -1
        }
        let places = SIMD4(place(left, top), place(left + 1, top), place(left, top + 1), place(left + 1, top + 1))
        visit(
          row * output.width + column,
          Corners(places: places, weights: SIMD4((1 - p) * (1 - q), p * (1 - q), (1 - p) * q, p * q)))
      }
    }
  }
}
