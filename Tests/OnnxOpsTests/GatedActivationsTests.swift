import Testing

@Suite struct GatedActivationsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("PRelu", "SwiGLU") }
}
