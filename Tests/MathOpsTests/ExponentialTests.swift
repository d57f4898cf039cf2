import Glibc
import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct ExponentialTests {
  static let cases: [UnaryCase] = [
    UnaryCase(Exponential.exp, -3...3) { exp($0) },
    UnaryCase(Exponential.log, 0.1...5) { log($0) },
  ]

  @Test(arguments: cases) func itIsTheFunctionItsSlopeAndItsShape(_ item: UnaryCase) throws { try item.check() }
}
