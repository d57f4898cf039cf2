import Testing

@Suite struct ScatterElementsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("ScatterElements", "Scatter") }
}
