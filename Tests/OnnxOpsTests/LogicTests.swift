import Testing

@Suite struct LogicTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("And", "Or", "Xor", "Not") }
}
