import Testing

@Suite struct IntegerMatMulTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("MatMulInteger", "QLinearMatMul") }
}
