import Testing

@Suite struct DepthAndSpaceTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("DepthToSpace", "SpaceToDepth") }
}
