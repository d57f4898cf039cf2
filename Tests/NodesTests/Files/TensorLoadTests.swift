import Language
import Models
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct TensorLoadTests {
  @Test func `an array is read as the type asked for`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.npy")
    let stored = Tensor(shape: [2], [Int64(1), -2])
    try NPY.write(stored, to: path)
    #expect(try run(TensorLoad.op, ["file": .file(path)])[0].tensor == Tensor(shape: [2], [Float(1), -2]))
    #expect(try run(TensorLoad.op, ["file": .file(path)], ["as": "keep"])[0].tensor == stored)
    let known = ["file": Value.file(path)]
    #expect(try infer(TensorLoad.op, ["file": "file"], known: known, probe: HeaderProbe()) == ["tensor<f32>[2]"])
    #expect(
      try infer(TensorLoad.op, ["file": "file"], ["as": "keep"], known: known, probe: HeaderProbe()) == [
        "tensor<i64>[2]"
      ])
    #expect(try infer(TensorLoad.op, ["file": "file"], known: known) == ["tensor<f32>"])
  }
}
