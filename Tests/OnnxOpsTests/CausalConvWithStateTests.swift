import Testing

@Suite struct CausalConvWithStateTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("CausalConvWithState") }
}
