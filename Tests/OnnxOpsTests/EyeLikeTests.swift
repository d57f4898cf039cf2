import Testing

@Suite struct EyeLikeTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("EyeLike") }
}
