import Testing

@Suite struct GeneralProductTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Gemm") }
}
