import Foundation
import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct SceneSourcesTests {
  static let record = """
    [{ "box": [8, 6, 24, 26], "score": 0.9, "points": [[12, 13], [20, 13], [16, 18], [13, 21], [19, 21]] }]
    """

  /// A folder `faces` with one portrait of 32 x 32 whose left half is black and right half white, and `grounds`.
  static func folders(_ record: String = record) throws -> Scratch {
    let scratch = try Scratch()
    try DataFolderTests.picture("\(scratch.path)/grounds/a.png", 100, width: 48, height: 40)
    try DataFolderTests.picture("\(scratch.path)/faces/unknown.png", 1, width: 32, height: 32)
    let pixels = (0..<32 * 32).map { $0 % 32 < 16 ? UInt8(0) : 255 }
    try ImageFile.write(
      Image(format: .grey8, pixels: Tensor(shape: [32, 32, 1], pixels)), to: "\(scratch.path)/faces/one.png")
    try record.write(toFile: "\(scratch.path)/faces/one.json", atomically: true, encoding: .utf8)
    return scratch
  }

  static func sources(_ scratch: Scratch) throws -> SceneSources {
    try SceneSources(faces: "\(scratch.path)/faces", backgrounds: "\(scratch.path)/grounds")
  }

  @Test func `portraits are the pictures with a record`() throws {
    let scratch = try Self.folders()
    defer { withExtendedLifetime(scratch) {} }
    let sources = try Self.sources(scratch)
    #expect(sources.portraits.count == 1 && sources.backgrounds.count == 1)
    #expect(sources.portraits[0].box == Box(x1: 8, y1: 6, x2: 24, y2: 26))
    #expect(sources.portraits[0].points[2] == Point(16, 18))
    #expect(try sources.picture(sources.portraits[0].path).width == 32)
  }

  @Test func `what is wrong with a record is named`() throws {
    for (record, why) in [
      ("[]", "holds no picture NAME.png or .jpg with a NAME.json of its faces beside it"),
      ("{}", "it is not a list of faces"),
      ("[{ \"box\": [1, 2, 3] }]", "a face has a box of 4 numbers and points"),
      ("[{ \"box\": [1, 2, 3, 4], \"points\": [[1, 2]] }]", "a face needs 5 points, here are 1"),
    ] {
      let scratch = try Self.folders(record)
      let found = message { _ = try Self.sources(scratch) }
      #expect(found.contains(scratch.path + "/faces") && found.hasSuffix(why), "\(found)")
    }
  }
}
