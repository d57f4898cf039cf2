import Testing

@Suite struct LocalResponseTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("LRN") }
}
