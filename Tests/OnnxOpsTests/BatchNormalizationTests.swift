import Testing

@Suite struct BatchNormalizationTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("BatchNormalization") }
}
