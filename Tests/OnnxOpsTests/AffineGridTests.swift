import Testing

@Suite struct AffineGridTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("AffineGrid") }
}
