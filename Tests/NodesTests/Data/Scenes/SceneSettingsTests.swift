import TestSupport
import Testing

@testable import Nodes

@Suite struct SceneSettingsTests {
  @Test func `levels share the faces between them`() throws {
    let settings = try SceneTests.settings()
    #expect(settings.cells == 180)
    #expect(settings.sides(0).contains(11) && !settings.sides(0).contains(30))
    #expect(settings.sides(0).contains(25) && settings.sides(1).contains(25))
    #expect(settings.sides(1).contains(90) && !settings.sides(1).contains(20))
  }

  @Test func `sizes that do not fit are refused`() {
    #expect(
      message { _ = try SceneTests.settings(["size": 100]) }
        == "param \"size\" (100) is not a multiple of every stride ([8, 16])")
    #expect(message { _ = try SceneTests.settings(["largest": 100]) }.contains("do not hold: 11.0, 100.0, 96"))
  }
}
