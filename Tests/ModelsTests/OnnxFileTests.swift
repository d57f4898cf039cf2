import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct OnnxFileTests {
  private func open(_ bytes: [UInt8], path: String = "m.onnx") throws -> OnnxFile {
    let buffer = Buffer(byteCount: bytes.count)
    bytes.withUnsafeBytes {
      if let start = $0.baseAddress { buffer.bytes.copyMemory(from: start, byteCount: $0.count) }
    }
    return try OnnxFile(buffer, path: path)
  }

  private func message(_ bytes: [UInt8]) -> String? { #expect(throws: Fault.self) { try open(bytes) }?.message }

  @Test func whatIsNoModelIsToldApart() {
    #expect(message([]) == "m.onnx is not a valid ONNX file: it holds no graph")
    #expect(message([0x0A]) == "m.onnx is not a valid ONNX file: a number that is cut off at byte 1")
    #expect(
      message([0x0A, 5, 1]) == "m.onnx is not a valid ONNX file: field 1 claims 5 bytes where 1 are left at byte 0")
    #expect(message([0x0B]) == "m.onnx is not a valid ONNX file: field 1 has the unknown kind 3 at byte 0")
    #expect(
      message(Array(repeating: 0x80, count: 20))
        == "m.onnx is not a valid ONNX file: a number of more than ten bytes at byte 0")
  }

  private func file(_ tensor: OnnxBytes, path: String = "m.onnx") throws -> OnnxFile {
    var graph = OnnxBytes()
    graph.message(5, tensor)
    return try open(OnnxBytes.model(graph), path: path)
  }

  @Test func numbersAreReadFromEveryField() throws {
    for dtype in DType.allCases {
      let values = Tensor(shape: [3], [0, 1, 1] as [Float]).converted(to: dtype)
      let raw = try file(OnnxBytes.tensor(values, name: "t"))
      #expect(try raw.load("t", of: "m") == values)
    }
    var halves = OnnxBytes()
    halves.varint(1, 2)
    halves.varint(2, OnnxBytes.number(.f16))
    halves.text(8, "t")
    // 1 and -2 as bits, packed.
    halves.data(5, [0x80, 0x78, 0x80, 0x80, 0x03])
    #expect(try file(halves).load("t", of: "m") == Tensor(shape: [2], [1, -2] as [Float]).converted(to: .f16))
    var floats = OnnxBytes()
    floats.varint(1, 1)
    floats.varint(2, 1)
    floats.text(8, "t")
    floats.float(4, 0.25)
    #expect(try file(floats).load("t", of: "m") == Tensor(shape: [1], [0.25] as [Float]))
  }

  @Test func aTensorMustHaveItsBytes() throws {
    var tensor = OnnxBytes()
    tensor.varint(1, 3)
    tensor.varint(2, 1)
    tensor.text(8, "t")
    tensor.data(9, [0, 0, 0, 0])
    let file = try file(tensor)
    let fault = #expect(throws: Fault.self) { try file.load("t", of: "m") }
    #expect(fault?.message == "m.onnx is not a valid ONNX file: tensor \"t\" is f32[3], 12 bytes, but has 4")
    var huge = OnnxBytes()
    huge.varint(1, 1 << 40)
    huge.varint(1, 1 << 40)
    huge.varint(2, 1)
    huge.text(8, "t")
    #expect(try self.file(huge).headers.isEmpty)
  }

  private func external(_ location: String, offset: Int) -> OnnxBytes {
    var tensor = OnnxBytes()
    tensor.varint(1, 2)
    tensor.varint(2, 1)
    tensor.text(8, "t")
    for (key, value) in [("location", location), ("offset", String(offset)), ("length", "8")] {
      var entry = OnnxBytes()
      entry.text(1, key)
      entry.text(2, value)
      tensor.message(13, entry)
    }
    tensor.varint(14, 1)
    return tensor
  }

  @Test func numbersMayLieInAFileBeside() throws {
    let folder = Assets.temporaryFolder()
    defer { Assets.remove(folder) }
    let numbers = Tensor(shape: [3], [1, 2, 3] as [Float])
    try Data(numbers.bytes).write(to: folder.appendingPathComponent("w.bin"))
    let path = folder.appendingPathComponent("m.onnx").path
    #expect(
      try file(external("w.bin", offset: 4), path: path).load("t", of: "m") == Tensor(shape: [2], [2, 3] as [Float]))
    func fault(_ tensor: OnnxBytes) throws -> String? {
      let file = try file(tensor, path: path)
      return #expect(throws: Fault.self) { try file.load("t", of: "m") }?.message
    }
    #expect(
      try fault(external("w.bin", offset: 8))?.hasSuffix("tensor \"t\" lies at 8..<16 of w.bin, which has 12 bytes")
        == true)
    #expect(
      try fault(external("../w.bin", offset: 0))?.hasSuffix(
        "lies in \"../w.bin\", which is outside of the model's folder") == true)
    #expect(try fault(external("/etc/passwd", offset: 0))?.contains("outside of the model's folder") == true)
    #expect(try fault(external("absent.bin", offset: 0))?.contains("No such file") == true)
  }
}
