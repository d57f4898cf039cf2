import Testing

@Suite struct RoundingTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Ceil", "Floor", "Round") }
}
