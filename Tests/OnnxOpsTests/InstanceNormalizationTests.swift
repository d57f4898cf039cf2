import Testing

@Suite struct InstanceNormalizationTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("InstanceNormalization", "GroupNormalization") }
}
