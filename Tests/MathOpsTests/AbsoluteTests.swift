import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct AbsoluteTests {
  static let cases: [UnaryCase] = [
    UnaryCase(Absolute.op, -2...2) { abs($0) }
  ]

  @Test(arguments: cases) func itIsTheFunctionItsSlopeAndItsShape(_ item: UnaryCase) throws { try item.check() }
}
