import Testing

@Suite struct QuantizeLinearTests {
  @Test func agreesWithTheSuite() {
    ConformanceCases.replay(
      "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear")
  }
}
