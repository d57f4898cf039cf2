import Testing

@Suite struct MelWeightMatrixTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("MelWeightMatrix") }
}
