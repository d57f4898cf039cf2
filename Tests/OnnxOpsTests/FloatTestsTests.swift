import Testing

@Suite struct FloatTestsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("IsNaN", "IsInf") }
}
