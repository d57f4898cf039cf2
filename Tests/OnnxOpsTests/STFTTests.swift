import Testing

@Suite struct STFTTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("STFT") }
}
