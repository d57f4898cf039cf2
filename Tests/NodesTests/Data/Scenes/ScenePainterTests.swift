import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ScenePainterTests {
  @Test func `faces stand where the targets say`() throws {
    // The portrait is black left of its middle and white right of it: across the middle of a face that is large enough
    // for its surroundings, brightness jumps; which side is bright says whether it was mirrored.
    let scratch = try SceneSourcesTests.folders()
    defer { withExtendedLifetime(scratch) {} }
    let sources = try SceneSourcesTests.sources(scratch)
    let settings = try SceneTests.settings(["faces": 1, "decoys": 0, "smallest": 40, "largest": 50])
    var seen = 0
    for position in 0..<40 {
      let scene = try Scene(settings, sources, position: position, seed: 1)
      guard let target = scene.targets.first, let patch = scene.patches.first else { continue }
      let pixels = try ScenePainter.paint(scene, size: 96, sources: sources, position: position, seed: 1)
      #expect(pixels.shape == [1, 96, 96])
      let values = pixels.elements(Float.self)
      #expect(values.allSatisfy { (0...1).contains($0) })
      let (eyes, reach) = (target.points, target.side / 4)
      let middle = target.box.centre
      // Along the line of the eyes, a quarter of the face to both sides of its middle.
      let length =
        ((eyes[1].x - eyes[0].x) * (eyes[1].x - eyes[0].x)
        + (eyes[1].y - eyes[0].y) * (eyes[1].y - eyes[0].y)).squareRoot()
      let (ux, uy) = ((eyes[1].x - eyes[0].x) / length, (eyes[1].y - eyes[0].y) / length)
      func at(_ along: Double) -> Float? {
        let (x, y) = (Int(middle.x + along * ux), Int(middle.y + along * uy))
        return (0..<96).contains(x) && (0..<96).contains(y) ? values[y * 96 + x] : nil
      }
      guard let left = at(-reach), let right = at(reach) else { continue }
      #expect(patch.map.a > 0 ? right > left : left > right)
      seen += 1
    }
    #expect(seen > 8)
  }
}
