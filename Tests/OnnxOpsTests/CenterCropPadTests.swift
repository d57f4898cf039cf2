import Testing

@Suite struct CenterCropPadTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("CenterCropPad") }
}
