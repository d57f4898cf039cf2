import Testing

@Suite struct RotaryEmbeddingTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("RotaryEmbedding") }
}
