import Foundation
import Language
import Testing

@testable import Graph

/// Mutated files: no crash, no hang, and what is accepted survives printing.
@Suite struct JSONFuzzTests {
  static let seeds = [
    #"{"$schema":"graph-1.schema.json","format":1,"nodes":{"a":{"op":"image.load","in":{"file":"@photo"}}}}"#,
    #"[0,-0,1e4,-1.50E-2,9223372036854775807,123456789012345678,1.7976931348623157e308,true,false,null]"#,
    #"["\"\\\/\b\f\n\r\t\u0041\ud83d\uDE00\u0000é漢😀","",{"":{}},[[],[[[[]]]]]]"#,
    "{ \"a\" : [ 1 ,\n\t2 ] ,\r\n \"b\" : { \"$\" : \"steps * 2\" } }\n",
  ].map { Array($0.utf8) }
  /// Bytes that matter to a reader of JSON, so that mutations get past the first level.
  static let spice = Array("{}[]\",:\\u/0123456789.eE+-tfn \n\t".utf8) + [0, 0x1f, 0x7f, 0x80, 0xc3, 0xed, 0xf0, 0xff]

  static func mutated(_ generator: inout SplitMix64) -> [UInt8] {
    var bytes = seeds[Int(generator.next() % UInt64(seeds.count))]
    for _ in 0..<(1 + generator.next() % 6) {
      let at = Int(generator.next() % UInt64(bytes.count + 1))
      let length = min(Int(generator.next() % 12), bytes.count - at)
      switch generator.next() % 5 {
      case 0: bytes.insert(spice[Int(generator.next() % UInt64(spice.count))], at: at)
      case 1: bytes.removeSubrange(at..<at + length)
      case 2: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
      case 3 where at < bytes.count: bytes[at] = spice[Int(generator.next() % UInt64(spice.count))]
      default:
        let other = seeds[Int(generator.next() % UInt64(seeds.count))]
        let from = Int(generator.next() % UInt64(other.count))
        bytes.insert(contentsOf: other[from..<min(other.count, from + 20)], at: at)
      }
    }
    return bytes
  }

  @Test func mutatedFilesAreReadOrRefused() throws {
    let count = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 10_000 : 1_000_000
    var generator = SplitMix64(state: 20_261_121)
    var accepted = 0
    for _ in 0..<count {
      let bytes = Self.mutated(&generator)
      let (value, faults) = JSON.read(bytes, file: "f")
      for fault in faults {
        guard let place = fault.place else { preconditionFailure("\(fault) has no place") }
        if place.line < 1 || place.column < 1 || place.column > bytes.count + 1 { Issue.record("\(fault)") }
      }
      guard let value else {
        if faults.isEmpty { Issue.record("refused without a word: \(bytes)") }
        continue
      }
      accepted += 1
      let isSame =
        try JSON.parse(Array(JSON.compact(value).utf8), file: "f") == value
        && JSON.parse(Array(JSON.pretty(value, width: 30).utf8), file: "f") == value
      if !isSame { Issue.record("\(String(decoding: bytes, as: UTF8.self)) does not survive printing") }
    }
    // Both sides of the reader must have been exercised.
    #expect(accepted > count / 50 && accepted < count)
  }
}

/// The generator of Steele, Lea and Flood (2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
