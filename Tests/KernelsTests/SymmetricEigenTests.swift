import Kernels
import TestSupport
import Testing

@Suite struct SymmetricEigenTests {
  private func matrix(_ n: Int, seed: UInt64) -> [Double] {
    var random = TestRandom(seed: seed)
    let x = random.floats(n * n).map(Double.init)
    return (0..<n * n).map { x[$0] + x[$0 % n * n + $0 / n] }
  }

  @Test(arguments: [1, 2, 3, 7, 40, 129]) func `vectors and values put the matrix together again`(_ n: Int) throws {
    let a = matrix(n, seed: UInt64(n))
    let eigen = try #require(SymmetricEigen(a, count: n))
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 <= $1 })
    let v = eigen.vectors
    for i in 0..<n {
      for j in 0..<n {
        let sum = (0..<n).reduce(0.0) { $0 + v[i * n + $1] * eigen.values[$1] * v[j * n + $1] }
        #expect(abs(sum - a[i * n + j]) < 1e-11 * Double(n))
        let product = (0..<n).reduce(0.0) { $0 + v[$1 * n + i] * v[$1 * n + j] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12 * Double(n))
      }
    }
  }

  @Test func `known values, repeated ones and rank 1`() throws {
    let pair = try #require(SymmetricEigen([2, 1, 1, 2], count: 2))
    #expect(abs(pair.values[0] - 1) < 1e-14 && abs(pair.values[1] - 3) < 1e-14)
    #expect(try #require(SymmetricEigen([5, 0, 0, 0, 5, 0, 0, 0, 5], count: 3)).values == [5, 5, 5])
    let ones = try #require(SymmetricEigen(Array(repeating: 1, count: 36), count: 6))
    #expect(abs(ones.values[5] - 6) < 1e-12 && ones.values.dropLast().allSatisfy { abs($0) < 1e-12 })
    #expect(SymmetricEigen([], count: 0)?.values == [])
    #expect(SymmetricEigen([.nan], count: 1) == nil)
  }
}
