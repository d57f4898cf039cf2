import Glibc
import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct TrigonometricTests {
  static let cases: [UnaryCase] = [
    UnaryCase(Trigonometric.sin, -7...7) { sin($0) },
    UnaryCase(Trigonometric.cos, -7...7) { cos($0) },
  ]

  @Test(arguments: cases) func itIsTheFunctionItsSlopeAndItsShape(_ item: UnaryCase) throws { try item.check() }
}
