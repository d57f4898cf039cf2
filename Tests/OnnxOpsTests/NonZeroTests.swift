import Testing

@Suite struct NonZeroTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("NonZero") }
}
