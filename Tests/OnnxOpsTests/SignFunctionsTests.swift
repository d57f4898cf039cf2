import Testing

@Suite struct SignFunctionsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Abs", "Neg", "Sign", "Relu") }
}
