import Language
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct NPZTests {
  @Test(arguments: ["stored", "deflated"])
  func readsWhatNumPyWrote(name: String) throws {
    let sample = Samples.all.npz[name]!
    let file = try NPZ(memory(sample.file), name: "x")
    #expect(Set(file.headers.map(\.name)) == Set(sample.members.keys))
    for (member, contents) in sample.members { contents.expect(try file.load(member, of: "x"), member) }
  }

  @Test(.enabled(if: Assets.present, "\(Assets.absent)"))
  func readsRealFiles() throws {
    let file = try NPZ(Assets.path("style/coursera_checks/coursera_inputs.npz"))
    #expect(try file.load("anchor", of: "x").shape == [3, 128])
    let header = try #require(file.headers.first { $0.name == "content_C" })
    #expect(header.shape == [1, 4, 4, 3])
  }

  @Test func wrongChecksumsAreFound() throws {
    var bytes = Array(Samples.all.npz["deflated"]!.file)
    // The checksum of the first member stands 16 bytes into its directory entry.
    let entry = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    bytes[entry + 16] ^= 1
    let fault = #expect(throws: Fault.self) { try NPZ(memory(bytes), name: "x") }
    #expect(fault?.message == "x is not a valid zip file: the checksum of \"weight.npy\" is wrong")
  }

  @Test func aClaimThatDeflateCannotKeepIsRefused() throws {
    var bytes = Array(Samples.all.npz["deflated"]!.file)
    let entry = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    bytes.replaceSubrange(entry + 24..<entry + 28, with: [0xFE, 0xFF, 0xFF, 0xFF])
    let fault = #expect(throws: Fault.self) { try NPZ(memory(bytes), name: "x") }
    #expect(fault?.message.contains("claims 4294967294 bytes from") == true)
  }

  @Test func cutAndForeignFilesAreRefused() {
    let bytes = Array(Samples.all.npz["stored"]!.file)
    for count in [0, 10, 21, 22, 200, bytes.count - 1] {
      #expect(throws: Fault.self) { try NPZ(memory(bytes.prefix(count)), name: "x") }
    }
  }

  @Test func mutatedFilesGiveFaultsOnly() {
    let files = [Array(Samples.all.npz["stored"]!.file), Array(Samples.all.npz["deflated"]!.file)]
    for seed in 0..<fuzzRounds {
      guard let file = try? NPZ(memory(mutated(files[seed % 2], seed)), name: "x") else { continue }
      for header in file.headers { _ = try? file.load(header) }
    }
  }
}
