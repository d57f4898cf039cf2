import Testing

@Suite struct IntegerConvTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("ConvInteger", "QLinearConv") }
}
