import Testing

@Suite struct OneHotTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("OneHot") }
}
