import Testing

@Suite struct UniqueTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Unique") }
}
