import Testing

@Suite struct LayerNormalizationTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("LayerNormalization", "RMSNormalization") }
}
