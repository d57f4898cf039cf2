import Foundation
import Language
import Tensors
import Testing

@testable import Models

@Suite struct NPYTests {
  private func decode(_ bytes: some Collection<UInt8>) throws(Fault) -> Tensor {
    let buffer = memory(bytes)
    return try NPY.decode(buffer, 0..<buffer.byteCount, "x")
  }

  @Test(arguments: Samples.all.npy.keys.sorted())
  func readsWhatNumPyWrote(name: String) throws {
    let sample = Samples.all.npy[name]!
    sample.contents.expect(try decode(sample.file), name)
  }

  /// C-ordered little-endian arrays of version 1 are written with NumPy's own bytes.
  @Test(arguments: ["scalar", "empty", "vector", "truth", "f2", "f4", "f8", "i1", "i2", "i8", "u1", "u4", "u8"])
  func writesNumPysBytes(name: String) throws {
    let sample = Samples.all.npy[name]!
    let tensor = try decode(sample.file)
    try withFolder { folder in
      try NPY.write(tensor, to: folder + "/x.npy")
      #expect(try contents(folder + "/x.npy") == Array(sample.file))
      let (dtype, shape) = try NPY.probe(folder + "/x.npy")
      #expect(dtype == tensor.dtype && shape == tensor.shape)
      #expect(try NPY.read(folder + "/x.npy") == tensor)
    }
  }

  @Test func brainFloatsAreWidened() throws {
    let tensor = Tensor(shape: [2], [1, -2.5] as [Float])
    try withFolder { folder in
      try NPY.write(tensor.converted(to: .bf16), to: folder + "/x.npy")
      #expect(try NPY.read(folder + "/x.npy") == tensor)
    }
  }

  @Test func whatIsNoPlainArrayIsRefused() {
    func why(_ bytes: some Collection<UInt8>) -> String? {
      (#expect(throws: Fault.self) { try decode(bytes) })?.message
    }
    let (samples, vector) = (Samples.all, Samples.all.npy["vector"]!.file)
    #expect(why(samples.pickled.file)?.hasPrefix("x: it holds pickled Python objects, which are never loaded") == true)
    #expect(why(samples.structured.file) == "x: structured arrays cannot be read")
    #expect(why([]) == "x is not a valid npy file: it does not begin with NumPy's mark")
    #expect(why(vector.prefix(20)) == "x is not a valid npy file: its header is cut off")
    #expect(why(vector.dropLast()) == "x is not a valid npy file: i64[3] needs 24 bytes, it has 23")
  }

  @Test func absentAndOddFilesAreRefused() {
    #expect(
      (#expect(throws: Fault.self) { try NPY.read("/no/x.npy") })?.message
        == "cannot read /no/x.npy: No such file or directory")
    #expect((#expect(throws: Fault.self) { try NPY.read("/dev/null") })?.message == "/dev/null is not a regular file")
  }

  @Test func mutatedFilesGiveFaultsOnly() {
    let files =
      Samples.all.npy.sorted { $0.key < $1.key }.map { Array($0.value.file) } + [Array(Samples.all.pickled.file)]
    for seed in 0..<fuzzRounds {
      // Mostly the header: the numbers cannot be wrong.
      _ = try? decode(mutated(Array(files[seed % files.count].prefix(160)), seed))
    }
  }
}
