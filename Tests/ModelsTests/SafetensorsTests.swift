import Language
import TestSupport
import Tensors
import Testing

@testable import Models

@Suite struct SafetensorsTests {
  /// What is wrong with the bytes, without the part that every message has.
  private func why(_ bytes: [UInt8]) -> String? {
    do {
      _ = try Safetensors(memory(bytes), name: "x")
      return nil
    } catch { return error.message.replacingOccurrences("x is not a valid safetensors file: ") }
  }

  @Test func readsWhatTheReferenceImplementationWrote() throws {
    let file = try Safetensors(memory(Samples.all.safetensors.file), name: "x")
    #expect(file.metadata == ["format": "pt"])
    #expect(file.headers.map(\.name) == ["c", "b", "é\"", "a.x"])
    #expect(try file.load("a.x", of: "x") == Tensor(shape: [3], [1, 2, 3] as [UInt8]))
    #expect(try file.load("c", of: "x") == Tensor(shape: [], [7.0]))
    let grid = Tensor(shape: [2, 3, 4], (0..<24).map { Float($0) })
    #expect(try file.load("b", of: "x") == grid)
    #expect(try file.load("é\"", of: "x") == grid)
  }

  @Test(.enabled(if: Assets.present, "\(Assets.absent)"))
  func readsRealFilesLazily() throws {
    let path = Assets.path("style/squeezenet1_1/squeezenet1_1.mid32.safetensors")
    let file = try Safetensors(path)
    #expect(file.headers.count == 52)
    let header = try #require(file.headers.first { $0.shape == [64, 3, 3, 3] })
    let weight = try file.load(header)
    #expect(weight.elements(Float.self).allSatisfy { $0.isFinite && abs($0) < 10 })
    for header in file.headers { #expect(try file.load(header).count > 0) }
  }

  @Test(arguments: [
    ("{", "a string"), ("[]", "expected \"{\" at byte 8"), ("{}x", "unexpected text after the header's object"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{}}"#, "\"a\" stands there twice"),
    (#"{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"#, "\"a\" has the unknown dtype \"F33\""),
    (#"{"a":{"dtype":"F32","shape":[2]}}"#, "\"a\" needs dtype, shape and two data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}"#, "\"a\" needs dtype, shape and two data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}"#, "\"a\" lies at 0..<12 of 8 bytes of data"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "\"a\" lies at 8..<0 of 8 bytes of data"),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "\"a\" has 8 bytes, which is not f32[3]"),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "expected an unsigned integer"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,8]}}"#,
      "\"a\" has 8 bytes, which is not f32[4611686018427387904, 4611686018427387904]"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}"#,
      "\"a\" has 0 bytes, which is not"
    ),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, "a number is too large"),
    (
      #"{"a":{"dtype":"U8","shape":[6],"data_offsets":[0,6]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
      "\"b\" overlaps \"a\""
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
      "2 bytes before \"b\" belong to no tensor"
    ),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, "6 bytes at the end belong to no tensor"),
    (#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"x":1}}"#, "\"a\" has the unknown key \"x\""),
    (#"{"\ud800":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#, "half a surrogate pair"),
  ])
  func brokenHeadersAreRefused(header: String, message: String) {
    let reason = why(safetensors(header, data: 8))
    if header == "{" { #expect(reason != nil) } else { #expect(reason?.hasPrefix(message) == true, "\(reason ?? "")") }
  }

  @Test func lengthsAreCheckedAgainstTheFile() {
    #expect(why([1, 2, 3]) == "it has only 3 bytes")
    #expect(why([9, 0, 0, 0, 0, 0, 0, 0, 0x7B]) == "its header claims 9 bytes of a file of 9")
    #expect(
      why(Array(repeating: 0xFF, count: 9))
        == "its header claims 18446744073709551615 bytes, the limit is 100000000")
  }

  @Test func boolBytesMustBeZeroOrOne() throws {
    var bytes = safetensors(#"{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, data: 2)
    bytes[bytes.count - 1] = 2
    let file = try Safetensors(memory(bytes), name: "x")
    #expect(throws: Fault.unsupported("x", "\"a\" is bool, but its byte 1 is 2")) { try file.load("a", of: "x") }
  }

  @Test func unalignedNumbersAreCopied() throws {
    let header =
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#
    var bytes = safetensors(header, data: 5)
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: withUnsafeBytes(of: Float(1.5)) { Array($0) })
    let tensor = try Safetensors(memory(bytes), name: "x").load("b", of: "x")
    #expect(tensor == Tensor(shape: [1], [1.5] as [Float]))
  }

  @Test func anUnknownNameIsRefusedWithASuggestion() throws {
    let file = try Safetensors(memory(Samples.all.safetensors.file), name: "x")
    let fault = #expect(throws: Fault.self) { try file.load("a.y", of: "x") }
    #expect(fault?.message.hasPrefix("x has no tensor \"a.y\"") == true)
  }

  @Test func mutatedFilesGiveFaultsOnly() {
    for seed in 0..<fuzzRounds {
      let bytes = mutated(Array(Samples.all.safetensors.file), seed)
      guard let file = try? Safetensors(memory(bytes), name: "x") else { continue }
      for header in file.headers { _ = try? file.load(header) }
    }
  }
}

extension String {
  func replacingOccurrences(_ text: String) -> String { hasPrefix(text) ? String(dropFirst(text.count)) : self }
}
