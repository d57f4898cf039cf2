import Foundation
import Images
import Language
import Tensors
import TestSupport
import Testing

/// Files with seeded damage: decoding returns or throws, in bounded time and memory.
@Suite struct ImageCodecFuzzTests {
  static let rounds = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 1_000 : 100_000

  @Test func damagedFilesNeitherCrashNorHang() throws {
    let seeds = Self.seeds()
    var random = Mutator(state: 2024)
    let options = DecodeOptions(limits: ImageLimits(maximumPixels: 16_000_000))
    let before = Self.peakBytes()
    var accepted = 0
    var slowest = 0.0
    for _ in 0..<Self.rounds {
      let kind = random.below(2) == 0 ? seeds.jpeg : seeds.png
      let bytes = random.mutate(kind[random.below(kind.count)])
      let (seconds, _) = ProcessorTime.ofThread {
        do throws(Fault) {
          let image = try ImageCodec.decode(bytes, name: "fuzz", options)
          accepted += 1
          #expect(image.width * image.height <= 16_000_000)
        } catch {
          #expect(error.message.contains("fuzz"))
        }
      }
      slowest = max(slowest, seconds)
    }
    // Damage in ignored bytes is harmless, so some are accepted; if all or none were, the mutator would be broken.
    #expect(accepted > 0 && accepted < Self.rounds * 9 / 10)
    #expect(slowest < 5)
    // Alone this stays near 0.2 GB; other suites run in the same process.
    #expect(Self.peakBytes() - before < 2_000_000_000)
  }

  static func seeds() -> (jpeg: [[UInt8]], png: [[UInt8]]) {
    let own = Reference.pillow.files.keys.sorted().filter { $0.hasPrefix("fixtures/") }
    let sets = ["pngsuite", "png_crashers", "jpeg"].flatMap { folder in
      Samples.names(folder).filter { !$0.hasSuffix("ppm") && $0 != "LICENSE" }.map { folder + "/" + $0 }
    }
    let all = (own + sets).compactMap { Samples.path($0) }.map { Samples.bytes(URL(fileURLWithPath: $0)) }
      .filter { $0.count < 40_000 && !$0.isEmpty }
    return (all.filter { $0[0] == 0xff }, all.filter { $0[0] != 0xff })
  }

  /// The process's high-water mark of resident memory.
  static func peakBytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}

/// Damages files in the ways that matter to decoders; SplitMix64 inside.
struct Mutator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
    var bytes = seed
    for _ in 0...below(3) where !bytes.isEmpty { damage(&bytes) }
    // Without right checksums almost every damaged PNG would be refused at the first chunk.
    if below(4) != 0 { Self.repairChecksums(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    // Headers are small but decide much, so every fourth change hits them; the signature is mostly left alone, because
    // without it nothing else is reached.
    let first = below(64) == 0 ? 0 : min(8, bytes.count - 1)
    let span = next() & 3 == 0 ? min(64, bytes.count - first) : bytes.count - first
    let at = first + below(span)
    let end = min(bytes.count, at + 1 + below(16))
    switch below(24) {
    case 0: bytes.removeSubrange(at..<end)
    case 1: bytes.insert(contentsOf: bytes[at..<end], at: below(bytes.count))
    case 2: bytes.removeLast(below(bytes.count))
    case 3: for i in at..<end { bytes[i] = 0xff }
    case 4: for i in at..<end { bytes[i] = UInt8(truncatingIfNeeded: next()) }
    case 5..<10: bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)]
    case 10..<15: bytes[at] = UInt8(truncatingIfNeeded: next())
    default: bytes[at] ^= 1 << UInt8(below(8))
    }
  }

  private static func repairChecksums(_ bytes: inout [UInt8]) {
    guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) else { return }
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { return }
      var register = ~UInt32(0)
      for byte in bytes[position + 4..<position + 8 + length] {
        register ^= UInt32(byte)
        for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 1 ? 0xedb8_8320 : 0) }
      }
      for i in 0..<4 { bytes[position + 8 + length + i] = UInt8(truncatingIfNeeded: ~register >> (24 - 8 * UInt32(i))) }
      position += 12 + length
    }
  }
}
