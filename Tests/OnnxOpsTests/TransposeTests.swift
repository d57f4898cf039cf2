import Testing

@Suite struct TransposeTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Transpose") }
}
