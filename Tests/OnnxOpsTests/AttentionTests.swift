import Testing

@Suite struct AttentionTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Attention") }
}
