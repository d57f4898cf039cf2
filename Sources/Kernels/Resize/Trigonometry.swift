#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few functions of the C library that resize filters need.
enum Trigonometry {
  static func cosine(_ x: Double) -> Double { cos(x) }

  /// sin(pi x) / (pi x).
  static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(x * .pi) / (x * .pi)
  }
}
