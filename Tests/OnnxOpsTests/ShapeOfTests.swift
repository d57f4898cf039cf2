import Testing

@Suite struct ShapeOfTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Shape", "Size", "Identity") }
}
