import Testing

@Suite struct TriluTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Trilu") }
}
