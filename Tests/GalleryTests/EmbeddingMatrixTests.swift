import Tensors
import TestSupport
import Testing

@testable import Gallery

@Suite struct EmbeddingMatrixTests {
  private func matrix(_ rows: Int, capacity: Int) -> EmbeddingMatrix {
    var builder = EmbeddingMatrix.Builder(dimension: 100, capacity: capacity)
    for (index, unit) in units(rows, 100, seed: 3).enumerated() {
      builder.add(unit, sample: Int64(index + 1), person: Int64(index % 3))
    }
    return builder.build(
      EmbeddingMatrix.Origin(gallery: Digest(of: "g"), revision: -4, removals: 2, lastSample: Int64(rows)))
  }

  @Test func sectionsCloseUpWhenFewerRowsCome() {
    let (exact, spare) = (matrix(7, capacity: 7), matrix(7, capacity: 50))
    #expect(exact.buffer.byteCount == spare.buffer.byteCount)
    for matrix in [exact, spare] {
      #expect(matrix.rows == 7 && matrix.stride == 128 && matrix.origin.revision == -4)
      #expect((0..<7).map { matrix.samples[$0] } == [1, 2, 3, 4, 5, 6, 7])
      #expect((0..<7).map { matrix.people[$0] } == [0, 1, 2, 0, 1, 2, 0])
      #expect(matrix.error > 0 && matrix.error < 0.02)
    }
    #expect((0..<7).allSatisfy { exact.scales[$0] == spare.scales[$0] })
  }

  @Test func everyChangedByteIsSeen() {
    let original = matrix(3, capacity: 3)
    let size = original.buffer.byteCount
    for place in 0..<size {
      let copy = Buffer(byteCount: size)
      copy.bytes.copyMemory(from: original.buffer.bytes, byteCount: size)
      copy.bytes.advanced(by: place).assumingMemoryBound(to: UInt8.self).pointee ^= 0x10
      #expect(EmbeddingMatrix(copy) == nil, "byte \(place)")
    }
    let short = Buffer(byteCount: size - 1)
    short.bytes.copyMemory(from: original.buffer.bytes, byteCount: size - 1)
    #expect(EmbeddingMatrix(short) == nil)
  }
}
