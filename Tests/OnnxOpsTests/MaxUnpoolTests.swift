import Testing

@Suite struct MaxUnpoolTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("MaxUnpool") }
}
