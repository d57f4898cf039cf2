import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DataPairsTests {
  func pairs(_ scratch: Scratch) throws -> [Value] {
    try run(
      DataPairs.op, ["inputs": .file(scratch.path + "/in"), "targets": .file(scratch.path + "/out")],
      ["size": [3, 4], "range": "0..255"])
  }

  @Test func `pictures of one name belong together`() throws {
    let scratch = try Scratch()
    for (name, a, b) in [("x", 1, 2), ("y", 3, 4)] as [(String, UInt8, UInt8)] {
      try DataFolderTests.picture("\(scratch.path)/in/\(name).png", a)
      try DataFolderTests.picture("\(scratch.path)/out/\(name).png", b)
    }
    let results = try pairs(scratch)
    for (side, values) in zip(results, [[1, 3], [2, 4]] as [[Float]]) {
      let stream = try DataFolderTests.stream(side)
      #expect(try (0..<2).map { try stream.checked($0, seed: 0).elements(Float.self)[0] } == values)
    }
  }

  @Test func `a lone picture and unequal sizes are named`() throws {
    let scratch = try Scratch()
    try DataFolderTests.picture("\(scratch.path)/in/x.png", 1)
    try DataFolderTests.picture("\(scratch.path)/out/x.png", 1, width: 5)
    #expect(
      message { _ = try pairs(scratch) }
        == "the pictures of a pair differ in size: \(scratch.path)/in/x.png is 4×3, \(scratch.path)/out/x.png is 5×3")
    try DataFolderTests.picture("\(scratch.path)/out/y.png", 1)
    #expect(
      message { _ = try pairs(scratch) }
        == "\(scratch.path)/out/y.png has no partner of that name in \(scratch.path)/in")
  }

  @Test func `skipping leaves out unequal pairs and replaces broken ones, both sides at once`() throws {
    let scratch = try Scratch()
    for (name, a, b, width) in [("w", 7, 8, 5), ("x", 1, 2, 4), ("y", 3, 4, 4)] as [(String, UInt8, UInt8, Int)] {
      try DataFolderTests.picture("\(scratch.path)/in/\(name).png", a)
      try DataFolderTests.picture("\(scratch.path)/out/\(name).png", b, width: width)
    }
    // The header stays, the pixels are cut off.
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(scratch.path)/out/x.png"))
    try whole.prefix(60).write(to: URL(fileURLWithPath: "\(scratch.path)/out/x.png"))
    guard case .host(let host) = DataPairs.op.action else { return }
    let (filled, _) = DataPairs.op.attributes(["size": [3, 4], "range": "0..255"])
    let told = Told()
    let results = try host.run(
      HostCall(
        op: DataPairs.op, attributes: filled,
        inputs: [[.file(scratch.path + "/in")], [.file(scratch.path + "/out")]], skip: told.add))
    for (side, value) in zip(results, [3, 4] as [Float]) {
      let stream = try DataFolderTests.stream(side)
      #expect(try (0..<2).map { try stream.checked($0, seed: 0).elements(Float.self)[0] } == [value, value])
    }
    #expect(told.texts.count == 2)
    #expect(told.texts[0].contains("differ in size") && told.texts[1].contains("out/x.png"), "\(told.texts)")
  }
}
