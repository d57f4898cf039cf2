import Testing

@Suite struct WhereTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Where") }
}
