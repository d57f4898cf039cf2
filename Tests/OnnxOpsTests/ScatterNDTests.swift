import Testing

@Suite struct ScatterNDTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("ScatterND") }
}
