import Images
import Language
import Tensors
import TestSupport
import Testing

@Suite struct ImageHeaderTests {
  @Test(arguments: Reference.pillow.files.keys.sorted().filter { Samples.path($0) != nil })
  func theHeaderForetellsWhatDecodingGives(_ entry: String) throws {
    let path = Samples.path(entry)!
    let header = try ImageHeader.probe(path)
    let image = try ImageFile.read(path)
    #expect(header.width == image.width && header.height == image.height && header.format == image.format)
    #expect(header.fileFormat == (entry.hasSuffix("png") ? .png : .jpeg))
    let stored = try ImageHeader.probe(path, DecodeOptions(orientation: .ignore))
    #expect([stored.width, stored.height] == Reference.pillow.files[entry]!.size)
  }

  @Test func orientationOfAPNGIsApplied() throws {
    let header = try ImageHeader.probe(Samples.fixture("exif-6.png"), name: "p")
    #expect(header.orientation == .rotate90)
    #expect(header.width == 7 && header.height == 11)
  }

  @Test func theHeaderIsEnough() throws {
    let bytes = Samples.fixture("rgb-444.jpg")
    let scan = bytes.indices.first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda }!
    let header = try ImageHeader.probe(Array(bytes[..<(scan + 20)]), name: "p")
    #expect(header.width == 37 && header.height == 29)
  }

  @Test func headersThatLieAreRefused() {
    func refusal(_ change: (inout [UInt8]) -> Void) -> String? {
      var bytes = Samples.fixture("rgb-444.jpg")
      change(&bytes)
      return Samples.message { () throws(Fault) in _ = try ImageHeader.probe(bytes, name: "p") }
    }
    let bytes = Samples.fixture("rgb-444.jpg")
    let frame = bytes.indices.first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 }!
    #expect(refusal { $0[frame + 1] = 0xc3 } == "p: lossless JPEG is not supported")
    #expect(refusal { $0[frame + 1] = 0xc5 } == "p: hierarchical JPEG is not supported")
    #expect(refusal { $0[frame + 4] = 12 } == "p: 12-bit JPEG is not supported")
    #expect(refusal { $0[frame + 9] = 4 } == "p: damaged JPEG file: bad frame header")
    #expect(refusal { ($0[frame + 7], $0[frame + 8]) = (0, 0) } == "p: damaged JPEG file: the width is 0")
    #expect(refusal { $0[2] = 0 } == "p is neither a JPEG nor a PNG file")
    #expect(refusal { ($0[4], $0[5]) = (0, 1) } == "p: damaged JPEG file: bad segment length at byte 2")
  }

  @Test func missingFilesFoldersAndPipesAreRefused() throws {
    try Samples.withFolder { folder in
      let absent = folder + "/no.png"
      #expect(
        Samples.message { () throws(Fault) in _ = try ImageHeader.probe(absent) }
          == "cannot read \(absent): No such file or directory")
      #expect(
        Samples.message { () throws(Fault) in _ = try ImageHeader.probe(folder) }
          == "cannot read \(folder): it is a folder")
      #expect(
        Samples.message { () throws(Fault) in _ = try ImageFile.read("/dev/zero") }
          == "cannot read /dev/zero: it is not a regular file")
    }
  }
}
