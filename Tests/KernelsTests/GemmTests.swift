import TestSupport
import Testing

@testable import Kernels

@Suite struct GemmTests {
  /// A buffer of scratch that starts as NaN, so that reading what was not written shows.
  static func withScratch<R>(_ bytes: Int, _ body: (UnsafeMutableRawPointer) -> R) -> R {
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes + 64, alignment: 64)
    defer { scratch.deallocate() }
    scratch.initializeMemory(as: Float.self, repeating: .nan, count: (bytes + 64) / 4)
    return body(scratch)
  }

  @Test(arguments: InstructionSet.supported) func agreesWithTheNaiveProduct(set: InstructionSet) {
    let sizes = [
      (0, 3, 2), (1, 1, 1), (1, 17, 5), (5, 15, 256), (6, 16, 257), (7, 33, 300), (13, 16, 1), (14, 31, 3),
      (133, 20, 9), (3, 530, 4), (20, 5, 0),
    ]
    var random = TestRandom(seed: 5)
    set.forced {
      for (m, n, k) in sizes {
        for transposes in 0..<4 {
          let (ta, tb) = (transposes & 1 != 0, transposes & 2 != 0)
          let a = random.floats(m * k)
          let b = random.floats(k * n)
          let before = random.floats(m * n)
          var expected = before.map(Double.init)
          for i in 0..<m {
            for j in 0..<n {
              var sum = 0.0
              for p in 0..<k { sum += Double(a[ta ? p * m + i : i * k + p]) * Double(b[tb ? j * k + p : p * n + j]) }
              expected[i * n + j] += 0.5 * sum
            }
          }
          let gemm = Gemm(m: m, n: n, k: k, transposeA: ta, transposeB: tb)
          var c = before
          Self.withScratch(Gemm.scratchBytes) { scratch in
            for chunk in 0..<gemm.chunkCount {
              gemm.run(chunk: chunk, a: a, b: b, c: &c, alpha: 0.5, accumulate: true, scratch: scratch)
            }
          }
          #expect(largestError(c, expected) < 2e-6 * Double(k + 1).squareRoot(), "\(m) \(n) \(k) \(ta) \(tb)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func splittingChangesNoBit(set: InstructionSet) {
    let (m, n, k) = (37, 90, 700)
    var random = TestRandom(seed: 6)
    let a = random.floats(m * k)
    let b = random.floats(k * n)
    let gemm = Gemm(m: m, n: n, k: k)
    set.forced {
      GemmTests.withScratch(Gemm.scratchBytes) { scratch in
        var whole = [Float](repeating: .nan, count: m * n)
        gemm.run(rows: 0..<m, columns: 0..<n, a: a, b: b, c: &whole, scratch: scratch)
        var pieces = [Float](repeating: .nan, count: m * n)
        for row in 0..<m {
          gemm.run(rows: row..<row + 1, columns: 0..<31, a: a, b: b, c: &pieces, scratch: scratch)
          gemm.run(rows: row..<row + 1, columns: 31..<n, a: a, b: b, c: &pieces, scratch: scratch)
        }
        #expect(whole == pieces)
      }
    }
  }

  @Test func paddedRowsAreLeftAlone() {
    let gemm = Gemm(m: 7, n: 5, k: 3, strideA: 4, strideB: 9, strideC: 11)
    var a = [Float](repeating: .nan, count: 28)
    var b = [Float](repeating: .nan, count: 27)
    for i in 0..<7 { for p in 0..<3 { a[i * 4 + p] = Float(i + p) } }
    for p in 0..<3 { for j in 0..<5 { b[p * 9 + j] = Float(p * j) } }
    var c = [Float](repeating: -7, count: 77)
    Self.withScratch(Gemm.scratchBytes) { gemm.run(chunk: 0, a: a, b: b, c: &c, scratch: $0) }
    for i in 0..<7 {
      for j in 0..<11 {
        let sum = (0..<3).reduce(Float(0)) { $0 + Float((i + $1) * $1 * j) }
        #expect(c[i * 11 + j] == (j < 5 ? sum : -7))
      }
    }
  }
}
