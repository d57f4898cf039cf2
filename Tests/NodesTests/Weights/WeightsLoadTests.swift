import Language
import Models
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct WeightsLoadTests {
  func load(_ path: String, _ attributes: [String: Literal] = [:]) throws -> WeightSet {
    guard case .weights(let set) = try run(WeightsLoad.op, ["file": .file(path)], attributes)[0] else {
      throw Fault("test", "no weights")
    }
    return set
  }

  @Test func `names and axes are those of the network`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("w.safetensors")
    // [h 1, w 1, in 2, out 3]
    try Safetensors.write(
      [("c1.kernel", Tensor(shape: [1, 1, 2, 3], [Float](arrayLiteral: 1, 2, 3, 4, 5, 6)))], to: path)
    let set = try load(path, ["rename": .object(["*.kernel": "*.weight"]), "layout": "HWIO"])
    #expect(set.types == ["c1.weight": TensorType(dtype: .f32, shape: [3, 2, 1, 1])])
    #expect(try set.load("c1.weight") == Tensor(shape: [3, 2, 1, 1], [Float](arrayLiteral: 1, 4, 2, 5, 3, 6)))
    #expect(try load(path).types.keys.sorted() == ["c1.kernel"])
  }

  @Test func `the digest is that of content, names and axes, not of the path`() throws {
    let scratch = try Scratch()
    let tensor = Tensor(shape: [2, 2], [Float](arrayLiteral: 1, 2, 3, 4))
    let (a, b) = (try scratch.file("a.safetensors"), try scratch.file("b.safetensors"))
    for path in [a, b] { try Safetensors.write([("x", tensor)], to: path) }
    #expect(try load(a).digest == load(b).digest)
    #expect(try load(a).digest != load(a, ["layout": "HWIO"]).digest)
    #expect(try load(a).digest != load(a, ["rename": .object(["x": "y"])]).digest)
    try Safetensors.write([("x", Tensor(shape: [2, 2], [Float](arrayLiteral: 1, 2, 3, 5)))], to: b)
    #expect(try load(a).digest != load(b).digest)
  }

  @Test func `a bad rename is refused before the file is read`() {
    #expect(
      message { _ = try infer(WeightsLoad.op, ["file": "file"], ["rename": "x"]) }
        == "param \"rename\" takes an object of names, {\"in the file\": \"in the network\"}, but it is a string")
    #expect(
      message { _ = try infer(WeightsLoad.op, ["file": "file"], ["rename": .object(["a": 1])]) }
        == "param \"rename\" takes an object of names, {\"in the file\": \"in the network\"}, but \"a\" is given an integer"
    )
  }
}
