import Testing

@Suite struct GatherNDTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("GatherND") }
}
