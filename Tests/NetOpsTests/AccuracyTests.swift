import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct AccuracyTests {
  let harness = OpHarness([Accuracy.op])

  @Test func `hits are counted among the k largest, ties for the lower class`() throws {
    let x = Tensor(shape: [4, 3], [0, 2, 1, 5, 5, 1, 1, 0, 3, 0, 1, 2] as [Float])
    let labels = Tensor(shape: [4], [1, 1, 2, 0] as [Float])
    func share(_ k: Int) throws -> Float {
      try harness.evaluate(Accuracy.op, ["x": x, "labels": labels], ["k": .int(k)])[0].elements(Float.self)[0]
    }
    #expect(try share(1) == 0.5)
    #expect(try share(2) == 0.75)
    #expect(try share(3) == 1)
  }
}
