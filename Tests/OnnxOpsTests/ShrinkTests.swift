import Testing

@Suite struct ShrinkTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Shrink") }
}
