import Testing

@Suite struct ExponentialTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Exp", "Log", "Sqrt", "Reciprocal", "Erf") }
}
