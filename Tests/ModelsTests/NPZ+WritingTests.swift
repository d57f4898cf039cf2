import Foundation
import Language
import Tensors
import Testing

@testable import Models

@Suite struct NPZWritingTests {
  @Test func whatIsWrittenReadsBack() throws {
    try withFolder { folder in
      let path = folder + "/x.npz"
      let (a, b) = (Tensor(shape: [2, 3], (0..<6).map { Float($0) }), Tensor(shape: [0], [] as [Double]))
      try NPZ.write(
        [
          ("a", .tensor(a)), ("b", .tensor(b)), ("names", .texts(["Zoë", "", "Bob 😀"])),
          ("one", .texts(["single"], isSingle: true)), ("none", .texts([])),
        ], to: path, isPrivate: true)
      let archive = try NPZ(path)
      #expect(try archive.load(archive.headers[0]) == a)
      #expect(try archive.load(archive.headers[1]) == b)
      #expect(try archive.texts("names") == ["Zoë", "", "Bob 😀"])
      #expect(try archive.texts("one") == ["single"])
      #expect(try archive.texts("none") == [])
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  /// Made by `numpy.save` of `numpy.array(["ab", "c"])`.
  @Test func numPysTextsAreCodePoints() throws {
    let head = "{'descr': '<U2', 'fortran_order': False, 'shape': (2,), }"
    let text = head + String(repeating: " ", count: 117 - head.count) + "\n"
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(text.utf8)
    for letter in "abc\0".utf8 { bytes += [letter, 0, 0, 0] }
    let buffer = memory(bytes)
    let tensor = try NPY.decode(buffer, 0..<buffer.byteCount, "x")
    #expect(tensor.dtype == .u32 && tensor.shape == [2, 2])
    #expect(tensor.elements(UInt32.self) == [97, 98, 99, 0])
  }

  @Test func membersHaveTheirChecksums() throws {
    try withFolder { folder in
      let path = folder + "/x.npz"
      try NPZ.write([("a", .tensor(Tensor(shape: [4], [1, 2, 3, 4] as [Float])))], to: path)
      let zip = try ZipArchive(MappedFile.open(path), path)
      #expect(zip.members.count == 1)
      // `contents` compares the checksum.
      #expect(try zip.contents(zip.members[0]).byteCount == 128 + 16)
    }
  }
}
