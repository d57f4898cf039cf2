import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DataFaceScenesTests {
  @Test func `pictures and targets are of one scene and repeatable`() throws {
    let scratch = try SceneSourcesTests.folders()
    defer { withExtendedLifetime(scratch) {} }
    let results = try run(
      DataFaceScenes.op,
      ["faces": .file(scratch.path + "/faces"), "backgrounds": .file(scratch.path + "/grounds")],
      ["size": 64, "largest": 40, "decoys": 0])
    let (x, y) = (try DataFolderTests.stream(results[0]), try DataFolderTests.stream(results[1]))
    #expect(x.count == 1_000_000 && x.digest != y.digest)
    let sources = try SceneSourcesTests.sources(scratch)
    let settings = try SceneTests.settings(["size": 64, "largest": 40, "decoys": 0])
    for position in [0, 3, 999_999] {
      #expect(try x.checked(position, seed: 2) == x.checked(position, seed: 2))
      let targets = try y.checked(position, seed: 2)
      let scene = try Scene(settings, sources, position: position, seed: 2)
      #expect(targets == SceneTargets.tensor(scene.targets, settings))
    }
    #expect(
      try infer(DataFaceScenes.op, ["faces": "folder", "backgrounds": "folder"], [:]) == [
        "stream<tensor<f32>[1,96,96] grey CHW 0..1>", "stream<tensor<f32>[16,180]>",
      ])
  }
}
