import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct NegateTests {
  static let cases: [UnaryCase] = [
    UnaryCase(Negate.op, -2...2) { -$0 }
  ]

  @Test(arguments: cases) func itIsTheFunctionItsSlopeAndItsShape(_ item: UnaryCase) throws { try item.check() }
}
