import Testing

@Suite struct CumulationTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("CumSum", "CumProd") }
}
