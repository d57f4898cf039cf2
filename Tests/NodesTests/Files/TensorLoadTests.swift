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

  @Test func `numbers of a csv file are a matrix`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.csv", "1,-2.5\r 3 ,4e1\r")
    #expect(
      try run(TensorLoad.op, ["file": .file(path)])[0].tensor == Tensor(shape: [2, 2], [1, -2.5, 3, 40] as [Float]))
    let bad = try scratch.file("b.csv", "1,x\n")
    #expect(message { _ = try run(TensorLoad.op, ["file": .file(bad)]) } == "\(bad): row 1: \"x\" is no number")
    let uneven = try scratch.file("c.csv", "1,2\n3\n")
    #expect(
      message { _ = try run(TensorLoad.op, ["file": .file(uneven)]) }
        == "\(uneven): row 2 has 1 cells, the first has 2")
  }
}
