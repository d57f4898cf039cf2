import Testing

@Suite struct BitCastTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("BitCast") }
}
