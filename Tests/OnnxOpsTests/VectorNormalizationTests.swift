import Testing

@Suite struct VectorNormalizationTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("LpNormalization", "MeanVarianceNormalization") }
}
