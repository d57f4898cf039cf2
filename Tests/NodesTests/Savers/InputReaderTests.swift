import Foundation
import Images
import Language
import Models
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct InputReaderTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  func read(_ text: String, _ type: String) throws -> Value {
    try InputReader.value(text, for: ValueType(parsing: type), name: "x")
  }

  func literal(_ text: String, _ type: String) throws -> Literal {
    try InputReader.literal(text, for: ValueType(parsing: type), name: "x")
  }

  @Test func `params are read by their type`() throws {
    #expect(try literal("3", "int") == 3 && literal("3", "number") == 3 && literal("0.5", "number") == 0.5)
    #expect(try literal("3", "string") == "3" && literal("true", "bool") == true && literal("null", "int?") == .null)
    #expect(try literal("a, b", "list<string>") == ["a", "b"] && literal("[1,2]", "list<int>") == [1, 2])
    #expect(try literal(#"{"a":1}"#, "literal") == .object(["a": 1]))
    #expect(message { _ = try literal("3.5", "int") } == "x takes int, not \"3.5\"")
    #expect(message { _ = try literal("yes", "bool") } == "x takes bool, not \"yes\": write true or false")
    #expect(message { _ = try literal("{", "literal") }.hasPrefix("x takes literal, not \"{\": bad JSON"))
  }

  @Test func `tensors come from files or lists and must fit`() throws {
    let path = try scratch.file("a.npy")
    let tensor = Tensor(shape: [2, 1], [Float(1), 2])
    try NPY.write(tensor, to: path)
    #expect(try read(path, "tensor<f32>[N,1]").tensor == tensor)
    #expect(try read("[[1],[2]]", "tensor<f32>[2,1]").tensor == tensor)
    #expect(try read("7", "tensor<i64>").tensor == Tensor(shape: [], [Int64(7)]))
    #expect(
      message { _ = try read(path, "tensor<f32>[3,1]") }
        == "x takes tensor<f32>[3,1], not \"\(path)\": dimension 0: 2 where 3 is needed")
    #expect(
      message { _ = try read("[[1],[2,3]]", "tensor") }
        == "x takes tensor, not \"[[1],[2,3]]\": its lists are not equally long, or hold something else than numbers")
  }

  @Test func `pictures are decoded as the type says`() throws {
    let path = try scratch.file("a.png")
    try ImageFile.write(plain(.rgb8, height: 2, width: 3, [9, 9, 9]), to: path)
    #expect(try read(path, "image<grey8>[H,W]").image == plain(.grey8, height: 2, width: 3, [9]))
    #expect(message { _ = try read(path, "image<rgb8>[4,W]") }.hasSuffix("height: 2 where 4 is needed"))
  }

  @Test func `files come from paths, patterns, folders and lists`() throws {
    for name in ["b.png", "a.png", "B.png", "c.txt", ".hidden.png"] { _ = try scratch.file(name, "") }
    try FileManager.default.createDirectory(atPath: scratch.path + "/d.png", withIntermediateDirectories: true)
    func names(_ text: String) throws -> [String] {
      try InputReader.files(text, name: "photo").map { String($0.dropFirst(scratch.path.count + 1)) }
    }
    #expect(try names(scratch.path + "/a.png") == ["a.png"])
    #expect(try names(scratch.path + "/*.png") == ["B.png", "a.png", "b.png"])
    #expect(try names(scratch.path) == ["B.png", "a.png", "b.png", "c.txt"])
    let list = try scratch.file("list", "\(scratch.path)/b.png\n\n\(scratch.path)/a.png\n")
    #expect(try names("@" + list) == ["b.png", "a.png"])
    #expect(try names("\(scratch.path)/b.png,\(scratch.path)/a.png") == ["b.png", "a.png"])
    #expect(try read("@" + list, "list<file>").list?.count == 2)
    #expect(
      message { _ = try names(scratch.path + "/aa.png") }
        == "photo: there is no file \"\(scratch.path)/aa.png\" (did you mean \"\(scratch.path)/a.png\"?)")
    #expect(message { _ = try names(scratch.path + "/*.gif") } == "photo: no file matches \"\(scratch.path)/*.gif\"")
  }

  @Test func `tables, lists and absent values`() throws {
    let path = try scratch.file("t.csv", "a,b\n1,2\n")
    #expect(try read(path, "table").table == Table(columns: ["a", "b"], rows: [[1, 2]]))
    #expect(try read("null", "table?").isNone)
    #expect(try read("1,2.5", "list<number>").list?.compactMap(\.scalar) == [1, 2.5])
    guard case .record(let box) = try read(#"{"x":1,"y":2}"#, "box") else { throw Fault("test", "no record") }
    #expect(box["y"]?.scalar == 2)
    #expect(
      message { _ = try read("1", "stream<tensor>") }
        == "x: a value of type stream<tensor> cannot be given on the command line")
  }
}
