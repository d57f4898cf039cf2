import Testing

@Suite struct GridSampleTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("GridSample") }
}
