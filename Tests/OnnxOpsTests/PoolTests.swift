import Testing

@Suite struct PoolTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("AveragePool", "LpPool", "MaxPool") }
}
