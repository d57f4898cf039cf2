import Testing

@testable import Engine

@Suite struct ValueTableTests {
  /// As an array, as a dictionary, and of an empty graph.
  @Test(arguments: [(60, 100), (2, 100), (0, 7)]) func whatIsSetIsThere(_ expected: Int, _ total: Int) {
    var table = ValueTable(expected: expected, of: total)
    #expect((0..<total).allSatisfy { table[$0] == nil })
    for value in stride(from: 0, to: total, by: 3) { table[value] = 10 * value }
    #expect((0..<total).allSatisfy { table[$0] == ($0 % 3 == 0 ? 10 * $0 : nil) })
    table[3] = nil
    #expect(table[3] == nil && table[0] == 0)
  }
}
