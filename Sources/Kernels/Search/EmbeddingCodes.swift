import CKernels

/// Vectors in 8 bits with a scale each, for scanning many of them: a byte is a quarter of what a Float takes to read.
///
/// A vector v becomes codes c in -127...127 and a scale s = max |v| / 127, so that v is about s c. For a query q
/// (Cauchy–Schwarz) |q·v - s (q·c)| <= |q| |v - s c|: whoever knows the largest |v - s c| knows how far off a score can be.
public enum EmbeddingCodes {
  /// Bytes from row to row: a multiple of 64.
  public static func stride(_ dimension: Int) -> Int { (dimension + 63) / 64 * 64 }

  /// Writes the codes of `vector` (padded with zeros to the stride) and gives the scale and the length of the error.
  public static func encode(
    _ vector: UnsafeBufferPointer<Float>, into codes: UnsafeMutableBufferPointer<Int8>
  ) -> (scale: Float, error: Double) {
    var largest: Float = 0
    for value in vector { largest = max(largest, abs(value)) }
    let scale = largest / 127
    codes.update(repeating: 0)
    guard scale > 0 else { return (0, 0) }
    var error = 0.0
    for index in 0..<vector.count {
      let code = (vector[index] / scale).rounded()
      codes[index] = Int8(max(-127, min(127, code)))
      let difference = Double(vector[index]) - Double(scale) * Double(codes[index])
      error += difference * difference
    }
    return (scale, error.squareRoot())
  }

  /// scores[r] = query · codes of row r, not yet scaled. `query` is padded with zeros to the stride.
  public static func scores(
    _ codes: UnsafePointer<Int8>, rows: Int, stride: Int, query: UnsafePointer<Float>,
    into scores: UnsafeMutablePointer<Float>
  ) {
    precondition(stride % 64 == 0, "rows of codes are \(stride) bytes apart")
    weft_kernels().pointee.code_scores(rows, stride, codes, query, scores)
  }

  /// How far a scaled score of unit vectors can be from the exact product: the codes' error and the rounding of a sum of
  /// `stride` Floats in any order (Higham 2002, section 3.1: gamma_n = n u / (1 - n u), twice over for safety).
  public static func margin(error: Double, stride: Int) -> Float {
    let rounding = Double(stride + 8) * 0x1p-23
    return Float((error + rounding * (1 + error)) * 1.001)
  }
}
