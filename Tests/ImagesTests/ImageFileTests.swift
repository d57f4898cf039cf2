import Foundation
import Images
import Language
import Tensors
import Testing

@Suite struct ImageFileTests {
  @Test(arguments: ["a.png", "a.PNG"]) func writesWhatItReads(_ name: String) throws {
    try Samples.withFolder { folder in
      let path = folder + "/" + name
      try ImageFile.write(Samples.picture(.rgb16), to: path)
      #expect(try ImageFile.read(path) == Samples.picture(.rgb16))
      try ImageFile.write(Samples.picture(.grey8), to: path)
      #expect(try ImageFile.read(path) == Samples.picture(.grey8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
    }
  }

  @Test func longNamesAndLeftOversDoNotHinder() throws {
    try Samples.withFolder { folder in
      for number in 1...20 {
        let left = "\(folder)/.weft-\(ProcessInfo.processInfo.processIdentifier)-\(number).part"
        try Data().write(to: URL(fileURLWithPath: left))
      }
      let path = folder + "/" + String(repeating: "n", count: 251) + ".png"
      try ImageFile.write(Samples.picture(.rgb8), to: path)
      #expect(try ImageFile.read(path) == Samples.picture(.rgb8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 21)
    }
  }

  @Test func jpegByExtension() throws {
    try Samples.withFolder { folder in
      try ImageFile.write(Samples.picture(.rgb8), to: folder + "/a.jpeg")
      #expect(try ImageHeader.probe(folder + "/a.jpeg").fileFormat == .jpeg)
    }
  }

  @Test func failuresNameThePathAndLeaveTheOldFile() throws {
    try Samples.withFolder { folder in
      func refusal(_ path: String) -> String? {
        Samples.message { () throws(Fault) in try ImageFile.write(Samples.picture(.rgb8), to: path) }
      }
      #expect(
        refusal(folder + "/a.tiff")
          == "cannot tell a picture format from the name \(folder)/a.tiff: it must end in .png, .jpg or .jpeg")
      #expect(
        refusal(folder + "/no/a.png") == "cannot write \(folder)/no/a.png: No such file or directory")
      try FileManager.default.createDirectory(atPath: folder + "/b.png", withIntermediateDirectories: true)
      #expect(refusal(folder + "/b.png") == "cannot write \(folder)/b.png: Is a directory")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b.png"])
    }
  }
}
