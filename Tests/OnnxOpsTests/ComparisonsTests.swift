import Testing

@Suite struct ComparisonsTests {
  @Test func agreesWithTheSuite() {
    ConformanceCases.replay(
      "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual")
  }
}
