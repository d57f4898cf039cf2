import Testing

@Suite struct Col2ImTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Col2Im") }
}
