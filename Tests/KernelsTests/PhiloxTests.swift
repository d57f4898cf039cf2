import CKernels
import Testing

@testable import Kernels

@Suite struct PhiloxTests {
  /// Known answers of the Random123 distribution (philox4x32, 10 rounds).
  @Test func knownAnswers() {
    let cases: [([UInt32], [UInt32], [UInt32])] = [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [.max, .max, .max, .max], [.max, .max], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ]
    for (counter, key, expected) in cases {
      var out = [UInt32](repeating: 0, count: 4)
      weft_philox(counter, key, &out)
      #expect(out == expected)
    }
  }

  @Test func anySplitGivesTheSameStream() {
    let philox = Philox(key: 0x1234_5678_9abc_def0, counter: UInt128(UInt64.max) - 3)
    var whole = [Float](repeating: 0, count: 41)
    var pieces = whole
    for normal in [false, true] {
      func fill(_ range: Range<Int>, _ out: UnsafeMutablePointer<Float>) {
        normal ? philox.normal(range, out) : philox.uniform(range, out)
      }
      fill(0..<41, &whole)
      pieces.withUnsafeMutableBufferPointer {
        var begin = 0
        for size in [1, 2, 3, 5, 7, 11, 12] {
          fill(begin..<begin + size, $0.baseAddress! + begin)
          begin += size
        }
      }
      #expect(whole == pieces)
    }
  }

  @Test func momentsAreThoseOfTheDistributions() {
    let count = 100_000
    var x = [Float](repeating: 0, count: count)
    Philox(key: 7).uniform(0..<count, &x)
    #expect(x.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(Slab.sum(x, count: count) / Double(count) - 0.5) < 0.004)
    Philox(key: 7).normal(0..<count, &x)
    #expect(x.allSatisfy { $0.isFinite })
    #expect(abs(Slab.sum(x, count: count) / Double(count)) < 0.015)
    #expect(abs(Slab.sumOfSquares(x, count: count) / Double(count) - 1) < 0.02)
    // The share within one standard deviation.
    #expect(abs(Double(x.count { abs($0) < 1 }) / Double(count) - 0.6827) < 0.006)
    var integers = [UInt32](repeating: 0, count: 6000)
    Philox(key: 7).integers(0..<6000, below: 6, &integers)
    #expect((0..<6).allSatisfy { face in abs(integers.count { $0 == face } - 1000) < 150 })
  }
}
