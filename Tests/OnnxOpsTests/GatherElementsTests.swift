import Testing

@Suite struct GatherElementsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("GatherElements") }
}
