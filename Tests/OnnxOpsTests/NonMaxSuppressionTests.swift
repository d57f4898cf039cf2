import Testing

@Suite struct NonMaxSuppressionTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("NonMaxSuppression") }
}
