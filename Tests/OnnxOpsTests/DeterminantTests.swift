import Testing

@Suite struct DeterminantTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Det") }
}
