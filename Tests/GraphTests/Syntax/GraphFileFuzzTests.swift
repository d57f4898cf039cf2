import Foundation
import Language
import TestSupport
import Testing

@testable import Graph

/// Graph files in which values, keys and bytes were swapped: every fault has a place inside the file, nothing crashes,
/// and `fmt` stays stable.
@Suite struct GraphFileFuzzTests {
  /// Every value of a tree, with the strings that are its keys.
  static func collect(_ value: JSONValue, into pool: inout [JSONValue]) {
    pool.append(value)
    for element in value.elements ?? [] { collect(element, into: &pool) }
    for member in value.members ?? [] { collect(member.value, into: &pool) }
  }

  /// The tree with some of its values replaced by others out of `pool`, and some keys exchanged.
  static func mutated(_ value: JSONValue, pool: [JSONValue], rate: UInt64, _ random: inout SplitMix64) -> JSONValue {
    if random.next() % rate == 0 { return pool[Int(random.next() % UInt64(pool.count))] }
    var result = value
    if let elements = value.elements {
      result.kind = .array(elements.map { mutated($0, pool: pool, rate: rate, &random) })
    }
    if let members = value.members {
      let keys = GraphKeys.node + GraphKeys.file + ["$", "a", "A b"]
      result.kind = .object(
        members.map { member in
          let isNew = random.next() % (rate * 2) == 0
          let key = isNew ? keys[Int(random.next() % UInt64(keys.count))] : member.key
          return JSONMember(key, at: member.keyPlace, mutated(member.value, pool: pool, rate: rate, &random))
        })
    }
    return result
  }

  @Test func mutatedGraphsAreDiagnosed() throws {
    let count = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 300 : 30_000
    let seeds = try Catalogue("valid").cases.map { try JSON.parse(try $0.bytes, file: "f") }
    var pool: [JSONValue] = []
    for seed in seeds { Self.collect(seed, into: &pool) }
    pool = pool.filter { JSON.compact($0).utf8.count < 400 }
    var random = SplitMix64(state: 3)
    var clean = 0
    for round in 0..<count {
      let tree = Self.mutated(seeds[round % seeds.count], pool: pool, rate: 20 + random.next() % 400, &random)
      let text = JSON.pretty(tree)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(\.unicodeScalars.count)
      let (file, faults) = GraphFile.parse(bytes: Array(text.utf8), file: "f")
      if faults.isEmpty { clean += 1 }
      if file == nil && faults.isEmpty { Issue.record("refused without a word: \(text)") }
      for place in faults.flatMap({ [$0.place] + $0.notes.map(\.place) }).compactMap({ $0 }) {
        guard place.line <= lines.count, place.column <= lines[place.line - 1] + 1 else {
          Issue.record("\(place) lies outside the file")
          continue
        }
      }
      guard let value = JSON.read(Array(text.utf8), file: "f").0 else { continue }
      let once = GraphFormatter.format(value)
      if GraphFormatter.format(try JSON.parse(Array(once.utf8), file: "f")) != once {
        Issue.record("fmt is not stable: \(once)")
      }
    }
    #expect(clean > 0 && clean < count)
  }
}
