import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedSignsTests {
  /// A word per line of 16, one element at a time.
  static func bits(_ x: [Float]) -> [UInt16] {
    stride(from: 0, to: x.count, by: 16).map { line in
      (0..<16).reduce(0) { $0 | (x[line + $1] > 0 ? 1 << $1 : 0) }
    }
  }

  @Test(arguments: InstructionSet.supported) func aBitIsSetWhereAnElementIsAboveZero(set: InstructionSet) {
    var random = TestRandom(seed: 12)
    let shape = [2, 20, 61, 43]
    var x = random.floats(Blocked.count(shape)).map { $0 * 2 - 1 }
    (x[3], x[4], x[5], x[6]) = (0, -0.0, .nan, .infinity)
    let signs = BlockedSigns(shape: shape)
    var found = [UInt16](repeating: 0xAAAA, count: signs.byteCount / 2)
    set.forced { for chunk in 0..<signs.chunks { signs.run(chunk: chunk, x: x, bits: &found) } }
    #expect(signs.chunks > 1 && Array(found.prefix(x.count / 16)) == Self.bits(x))
  }
}
