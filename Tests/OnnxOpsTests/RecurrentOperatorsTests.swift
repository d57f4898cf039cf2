import Testing

@Suite struct RecurrentOperatorsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("RNN", "GRU", "LSTM") }
}
