@testable import Engine

import Language
import Tensors
import TestSupport
import Testing

@Suite struct ValueCodecTests {
  static let values: [Value] = [
    .none, .bool(true), .bool(false), .int(-5), .number(0.25), .string("größe \u{0} x"), tensor(1, 2, 3),
    .tensor(Tensor(shape: [], [Int64(7)])), .tensor(Tensor.zeros(.u8, shape: [0, 3])),
    .image(Image(format: .rgb8, pixels: Tensor(shape: [1, 2, 3], [1, 2, 3, 4, 5, 6] as [UInt8]))),
    .list([.int(1), .list([]), .record(Record([("b", .none), ("a", .string(""))]))]),
    .table(Table(columns: ["loss", "norm"], rows: [[1, 2], [3, .infinity]])), .file("/a/b.jpg"),
  ]

  static func buffer(_ bytes: [UInt8]) -> Buffer {
    let buffer = Buffer(byteCount: bytes.count)
    bytes.withUnsafeBytes { buffer.bytes.copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
    return buffer
  }

  static func digest(_ value: Value) throws -> Digest {
    try value.digest { path throws(Fault) in Digest(of: path) }
  }

  @Test func everyKindComesBack() throws {
    for value in Self.values {
      let bytes = try #require(ValueCodec.encode(value)).whole
      let back = try #require(ValueCodec.decode(Self.buffer(bytes)))
      #expect(try Self.digest(back) == Self.digest(value))
    }
  }

  @Test func smallWeightsAreStoredAndBigOnesAreNot() throws {
    let number = Tensor(shape: [2], [1, 2] as [Float])
    let set = WeightSet(
      types: ["w": TensorType(dtype: .f32, shape: [2])], digest: Digest(of: "w"), source: "somewhere"
    ) { _ throws(Fault) in number }
    let bytes = try #require(ValueCodec.encode(.weights(set))).whole
    guard case .weights(let back)? = ValueCodec.decode(Self.buffer(bytes)) else {
      Issue.record("no weights came back")
      return
    }
    #expect(back.digest == set.digest)
    #expect(try back.load("w") == number)
    #expect(throws: Fault.self) { try back.load("v") }
    #expect(ValueCodec.encode(.weights(set), weightLimit: 7) == nil)
  }

  /// Cut and changed files give a value or nothing, never a crash.
  @Test func damagedBytesAreRefusedOrRead() throws {
    var random = TestRandom(seed: 3)
    for value in Self.values {
      let bytes = try #require(ValueCodec.encode(value)).whole
      for length in 0..<bytes.count { #expect(ValueCodec.decode(Self.buffer(Array(bytes.prefix(length)))) == nil) }
      for _ in 0..<200 {
        var bad = bytes
        bad[Int.random(in: 8..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        _ = ValueCodec.decode(Self.buffer(bad))
      }
    }
    #expect(ValueCodec.decode(Self.buffer([1, 2, 3])) == nil)
  }
}
