import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct KeepLargestTests {
  @Test func `pixels below the percentile go`() throws {
    let ops = OpHarness([KeepLargest.op])
    let x = Tensor(shape: [1, 2, 1, 4], [1, 2, 3, 4, 0, 0, -3, 0] as [Float])
    func kept(_ attributes: [String: Literal]) throws -> [Float] {
      try ops.evaluate(KeepLargest.op, ["x": x, "by": x], attributes)[0].elements(Float.self)
    }
    // Norms 1, 2, √18, 4; sums 1, 2, 0, 4.
    #expect(try kept(["percentile": 50]) == [0, 0, 3, 4, 0, 0, -3, 0])
    #expect(try kept(["percentile": 50, "score": "sum"]) == [0, 2, 0, 4, 0, 0, 0, 0])
    #expect(try kept(["percentile": 0]) == x.elements(Float.self))
  }
}
