import Foundation
import Images
import Language
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DataFolderTests {
  /// Writes a picture of one colour.
  static func picture(_ path: String, _ value: UInt8, width: Int = 4, height: Int = 3) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    let pixels = Tensor(shape: [height, width, 3], [UInt8](repeating: value, count: height * width * 3))
    try ImageFile.write(Image(format: .rgb8, pixels: pixels), to: path)
  }

  static func stream(_ value: Value) throws -> DataStream {
    guard case .stream(let stream) = value else { throw Fault("test", "no stream") }
    return stream
  }

  /// Two classes: b with pictures 10, 20, 30 and a with 40.
  func folder() throws -> Scratch {
    let scratch = try Scratch()
    for value in [10, 20, 30] { try Self.picture("\(scratch.path)/b/\(value).png", UInt8(value)) }
    try Self.picture("\(scratch.path)/a/40.png", 40)
    return scratch
  }

  @Test func `pictures and class numbers come in bytewise order`() throws {
    let scratch = try folder()
    let results = try run(DataFolder.op, ["folder": .file(scratch.path)], ["size": [3, 4], "range": "0..255"])
    let (x, label) = (try Self.stream(results[0]), try Self.stream(results[1]))
    #expect(x.count == 4 && label.count == 4)
    let values = try (0..<4).map { try x.checked($0, seed: 0).elements(Float.self)[0] }
    #expect(values == [40, 10, 20, 30])
    #expect(try (0..<4).map { try label.checked($0, seed: 0).elements(Float.self)[0] } == [0, 1, 1, 1])
    #expect(results[2].strings == ["a", "b"])
    #expect(
      try infer(DataFolder.op, ["folder": "folder"], ["size": 32])[0] == "stream<tensor<f32>[3,32,32] rgb CHW 0..1>")
  }

  @Test func `other sizes are stretched or cut, grey has one channel`() throws {
    let scratch = try Scratch()
    try Self.picture("\(scratch.path)/a/1.png", 255, width: 9, height: 5)
    for fit in ["stretch", "crop"] {
      let results = try run(
        DataFolder.op, ["folder": .file(scratch.path)], ["size": [4, 4], "fit": .string(fit), "colour": "grey"])
      let x = try Self.stream(results[0]).checked(0, seed: 0)
      #expect(x.shape == [1, 4, 4] && x.elements(Float.self).allSatisfy { $0 == 1 })
    }
  }

  @Test func `small classes are left out and large ones cut`() throws {
    let scratch = try folder()
    let few = try run(
      DataFolder.op, ["folder": .file(scratch.path)], ["size": 4, "at_least": 2, "at_most": 2])
    #expect(try Self.stream(few[0]).count == 2)
    #expect(few[2].strings == ["b"])
  }

  @Test func `an empty class and a broken picture are named; skipping replaces it, label and all`() throws {
    let scratch = try folder()
    try "no picture".write(toFile: "\(scratch.path)/a/50.jpg", atomically: true, encoding: .utf8)
    let results = try run(DataFolder.op, ["folder": .file(scratch.path)], ["size": 4, "range": "0..255"])
    #expect(message { _ = try Self.stream(results[0]).checked(1, seed: 0) }.contains("\(scratch.path)/a/50.jpg"))
    guard case .host(let host) = DataFolder.op.action else { return }
    let (filled, _) = DataFolder.op.attributes(["size": 4, "range": "0..255"])
    let told = Told()
    let skipping = try host.run(
      HostCall(op: DataFolder.op, attributes: filled, inputs: [[.file(scratch.path)]], skip: told.add))
    for _ in 0..<2 {
      #expect(try Self.stream(skipping[0]).checked(1, seed: 0).elements(Float.self)[0] == 10)
      #expect(try Self.stream(skipping[1]).checked(1, seed: 0).elements(Float.self)[0] == 1)
    }
    #expect(
      told.texts == [
        "error[image-format]: \(scratch.path)/a/50.jpg is neither a JPEG nor a PNG file\n"
          + "   \(scratch.path)/b/10.png stands for it"
      ])

    try FileManager.default.createDirectory(atPath: "\(scratch.path)/c", withIntermediateDirectories: true)
    #expect(
      message { _ = try run(DataFolder.op, ["folder": .file(scratch.path)], ["size": 4]) }
        == "the class folder \(scratch.path)/c holds no pictures; remove it, or fill it")
  }
}

/// What a node that skips has told.
final class Told: Sendable {
  private let faults = Mutex<[Fault]>([])

  var texts: [String] { faults.withLock { $0.map(\.text) } }

  @Sendable func add(_ fault: Fault) { faults.withLock { $0.append(fault) } }
}

extension Value {
  /// A list of strings.
  var strings: [String] {
    guard case .list(let items) = self else { return [] }
    return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}
