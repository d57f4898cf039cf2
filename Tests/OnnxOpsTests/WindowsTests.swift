import Testing

@Suite struct WindowsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("HannWindow", "HammingWindow", "BlackmanWindow") }
}
