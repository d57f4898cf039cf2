import Testing

@Suite struct ReverseSequenceTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("ReverseSequence") }
}
