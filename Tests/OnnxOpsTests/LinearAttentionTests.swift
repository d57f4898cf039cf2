import Testing

@Suite struct LinearAttentionTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("LinearAttention") }
}
