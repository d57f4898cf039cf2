import Glibc

/// Discrete Fourier transforms of any length: halved while the length is even, by the definition below that.
struct Fourier {
  let length: Int
  private let cosines: [Double]
  private let sines: [Double]

  /// Forward has the sign e^(-2πi·k·n/N); neither direction is scaled.
  init(length: Int, isInverse: Bool) {
    self.length = length
    cosines = (0..<length).map { cos(2 * .pi * Double($0) / Double(length)) }
    sines = (0..<length).map { (isInverse ? 1 : -1) * sin(2 * .pi * Double($0) / Double(length)) }
  }

  func transform(_ real: [Double], _ imaginary: [Double]) -> (real: [Double], imaginary: [Double]) {
    transform(real, imaginary, start: 0, step: 1, count: length)
  }

  private func transform(
    _ real: [Double], _ imaginary: [Double], start: Int, step: Int, count: Int
  ) -> (real: [Double], imaginary: [Double]) {
    var (re, im) = (Array(repeating: 0.0, count: count), Array(repeating: 0.0, count: count))
    if count % 2 == 0, count > 2 {
      let even = transform(real, imaginary, start: start, step: step * 2, count: count / 2)
      let odd = transform(real, imaginary, start: start + step, step: step * 2, count: count / 2)
      for k in 0..<(count / 2) {
        let (c, s) = (cosines[k * step], sines[k * step])
        let (x, y) = (odd.real[k] * c - odd.imaginary[k] * s, odd.real[k] * s + odd.imaginary[k] * c)
        (re[k], im[k]) = (even.real[k] + x, even.imaginary[k] + y)
        (re[k + count / 2], im[k + count / 2]) = (even.real[k] - x, even.imaginary[k] - y)
      }
      return (re, im)
    }
    for k in 0..<count {
      for n in 0..<count {
        let turn = k * n % count * step
        let (x, y) = (real[start + n * step], imaginary[start + n * step])
        re[k] += x * cosines[turn] - y * sines[turn]
        im[k] += x * sines[turn] + y * cosines[turn]
      }
    }
    return (re, im)
  }
}
