import Tensors
import TestSupport
import Testing

@testable import Language

@Suite struct ValueTests {
  static func digest(_ value: Value) throws -> Digest {
    try value.digest { path throws(Fault) in
      guard path != "gone" else { throw .failed("no file") }
      return Digest(of: path == "copy" ? "original" : path)
    }
  }

  @Test func digestsStandForContent() throws {
    let values: [Value] = [
      .none, .bool(false), .bool(true), .int(0), .int(1), .number(0), .number(1), .string(""), .string("1"),
      .list([]), .list([.int(1)]), .list([.list([.int(1)])]), .list([.int(1), .int(1)]), .tensor(.scalar(1)),
      .record(Record([("a", .int(1))])), .record(Record([("b", .int(1))])), .table(Table(columns: ["a"])),
      .table(Table(columns: ["a"], rows: [[1]])), .file("1"), .file("original"),
      .image(Image(format: .grey8, pixels: Tensor(shape: [1, 1, 1], [UInt8(1)]))),
    ]
    let digests = try values.map(Self.digest)
    #expect(Set(digests).count == values.count)
    #expect(try Self.digest(.file("copy")) == Self.digest(.file("original")))
    #expect(throws: Fault.self) { try Self.digest(.list([.file("gone")])) }
  }

  @Test func literalsBecomeValues() throws {
    guard case .record(let record) = Value(.object(["b": [1, "x"], "a": .null])) else {
      Issue.record("no record")
      return
    }
    #expect(record.fields.map(\.name) == ["a", "b"] && record["a"]!.isNone && record["c"] == nil)
    #expect(try Self.digest(record["b"]!) == Self.digest(.list([.int(1), .string("x")])))
  }

  @Test func memoryIsCounted() {
    let tensor = Value.tensor(.zeros(.f32, shape: [10, 10]))
    #expect(tensor.byteCount == 400 && Value.list([tensor, tensor]).byteCount == 816)
    #expect(tensor.kind == "a tensor f32[10, 10]" && Value.list([]).kind == "a list of 0")
  }
}
