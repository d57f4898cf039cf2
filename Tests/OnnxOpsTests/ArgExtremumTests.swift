import Testing

@Suite struct ArgExtremumTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("ArgMax", "ArgMin") }
}
