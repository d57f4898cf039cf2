import Testing

@Suite struct RoiAlignTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("RoiAlign") }
}
