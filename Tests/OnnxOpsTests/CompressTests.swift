import Testing

@Suite struct CompressTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Compress") }
}
