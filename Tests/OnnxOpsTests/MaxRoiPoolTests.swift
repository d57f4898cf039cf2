import Language
import Tensors
import Testing

@testable import OnnxOps

@Suite struct MaxRoiPoolTests {
  @Test func takesTheLargestOfEachBin() throws {
    let x = Tensor(shape: [1, 1, 4, 4], (0..<16).map { Float($0) })
    let rois = Tensor(shape: [2, 5], [Float(0), 0, 0, 3, 3, 0, 2, 2, 3, 3])
    let result = try OnnxRun.result("MaxRoiPool", [x, rois], ["pooled_shape": .array([.int(2), .int(2)])])
    #expect(result.shape == [2, 1, 2, 2])
    #expect(result.elements(Float.self) == [5, 7, 13, 15, 10, 11, 14, 15])
  }
}
