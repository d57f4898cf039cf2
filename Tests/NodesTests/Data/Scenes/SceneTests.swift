import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct SceneTests {
  static func settings(_ attributes: [String: Literal] = [:]) throws -> SceneSettings {
    let (filled, faults) = DataFaceScenes.op.attributes(attributes)
    if let fault = faults.first { throw fault }
    return try SceneSettings(filled)
  }

  @Test func `scenes are drawn by seed and position, and keep to the settings`() throws {
    let scratch = try SceneSourcesTests.folders()
    defer { withExtendedLifetime(scratch) {} }
    let sources = try SceneSourcesTests.sources(scratch)
    let settings = try Self.settings(["smallest": 12, "largest": 40])
    var counts: Set<Int> = []
    var mirrored: Set<Bool> = []
    for position in 0..<60 {
      let scene = try Scene(settings, sources, position: position, seed: 5)
      let again = try Scene(settings, sources, position: position, seed: 5)
      #expect(scene.targets.map(\.box) == again.targets.map(\.box))
      counts.insert(scene.targets.count)
      for target in scene.targets {
        #expect((11.9...40.1).contains(target.side))
        #expect((0...96).contains(target.box.centre.x) && (0...96).contains(target.box.centre.y))
        // Image left first, whether mirrored or not; the head is upright to within 25°.
        #expect(target.points[0].x < target.points[1].x && target.points[3].x < target.points[4].x)
        #expect(target.points[0].y < target.points[3].y)
        for point in target.points { #expect(target.box.x1 < point.x && point.x < target.box.x2) }
      }
      for patch in scene.patches { mirrored.insert(patch.map.a < 0) }
    }
    #expect(counts == [0, 1, 2, 3] && mirrored == [false, true])
  }
}
