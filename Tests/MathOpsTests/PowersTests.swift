import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct PowersTests {
  static let cases: [UnaryCase] = [
    UnaryCase(Powers.square, -2...2) { $0 * $0 },
    UnaryCase(Powers.sqrt, 0.1...5) { $0.squareRoot() },
    UnaryCase(Powers.reciprocal, 0.3...5) { 1 / $0 },
  ]

  @Test(arguments: cases) func itIsTheFunctionItsSlopeAndItsShape(_ item: UnaryCase) throws { try item.check() }
}
