import Images
import Language
import Models
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct HeaderProbeTests {
  @Test func `pictures are told by their headers`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.png")
    try ImageFile.write(plain(.grey16, height: 3, width: 5, [7]), to: path)
    let probe = HeaderProbe()
    #expect(probe.image(path) == ImageType(format: .grey16, height: 3, width: 5))
    #expect(probe.image(try scratch.file("text.png", "no picture")) == nil)
    #expect(probe.image(path + "x") == nil)
  }

  @Test func `weight files are told by their headers`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("w.safetensors")
    try Safetensors.write(
      [("a", Tensor(shape: [2, 1], [Float(1), 2])), ("b", Tensor(shape: [], [Int64(3)]))], to: path)
    let types = try HeaderProbe().weights(path)
    #expect(types == ["a": TensorType(dtype: .f32, shape: [2, 1]), "b": TensorType(dtype: .i64, shape: [])])
    #expect(try HeaderProbe().weights(path + "x") == nil)
    #expect(message { _ = try HeaderProbe().weights(scratch.file("w.txt", "")) }.contains("is not a weight file"))
  }
}
