import Testing

@Suite struct TensorScatterTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("TensorScatter") }
}
