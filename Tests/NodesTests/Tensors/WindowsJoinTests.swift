import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct WindowsJoinTests {
  private static let settings: [String: Literal] = ["size": 16, "margin": 8, "grid": 4]
  private let x = Tensor(shape: [1, 2, 43, 70], (0..<2 * 43 * 70).map(Float.init))

  /// Every `stride`-th pixel of every such row, as a network without weights might see a picture.
  private func thinned(_ x: Tensor, _ stride: Int) -> Tensor {
    let (rows, columns) = (x.shape[2] / stride, x.shape[3] / stride)
    let pixels = x.elements(Float.self)
    var features: [Float] = []
    for channel in 0..<x.shape[1] {
      for y in 0..<rows {
        for z in 0..<columns { features.append(pixels[(channel * x.shape[2] + y * stride) * x.shape[3] + z * stride]) }
      }
    }
    return Tensor(shape: [1, x.shape[1], rows, columns], features)
  }

  @Test(arguments: [1, 2, 4]) func `features of windows become those of the picture`(_ stride: Int) throws {
    let cut = try #require(try run(Windows.op, ["x": .tensor(x)], WindowsJoinTests.settings)[0].list)
    let seen = cut.map { Value.tensor(thinned($0.tensor!, stride)) }
    #expect(seen.count > 4)
    let joined = try run(WindowsJoin.op, ["windows": .list(seen), "x": .tensor(x)], WindowsJoinTests.settings)[0].tensor
    let whole = thinned(x, stride)
    #expect(joined?.shape == whole.shape && joined?.elements(Float.self) == whole.elements(Float.self))
  }

  @Test func `what does not fit is named`() throws {
    let part = Value.tensor(.zeros(.f32, shape: [1, 2, 4, 4]))
    #expect(
      message {
        _ = try run(WindowsJoin.op, ["windows": .list([part]), "x": .tensor(x)], WindowsJoinTests.settings)
      } == "port \"windows\": 1 tensors where the picture has 15 windows")
    let small = Tensor.zeros(.f32, shape: [1, 2, 16, 40])
    let other = Value.tensor(.zeros(.f32, shape: [1, 2, 4, 5]))
    #expect(
      message {
        _ = try run(
          WindowsJoin.op, ["windows": .list([part, other, part]), "x": .tensor(small)], WindowsJoinTests.settings)
      } == "port \"windows\": element 1 is no f32 tensor [1, 2, 4, 4], as the first is")
    #expect(
      try infer(
        WindowsJoin.op, ["windows": "list<tensor<f32>[1,8,16,17]>", "x": "tensor<f32>[1,3,41,70]"],
        WindowsJoinTests.settings) == ["tensor<f32>[1,8,20,35]"])
  }
}
