import Foundation
import TestSupport
import Testing

/// VGG-19's layers and 40 Adam steps against numbers from PyTorch.
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct VGGReferenceTests {
  private struct Reference: Decodable {
    struct Layer: Decodable {
      let shape: [Int]
      let mean: Double
      let l2: Double
    }
    struct Gatys: Decodable { let log: [[Double]] }
    let activations: [String: Layer]
    let gatys: Gatys
  }

  @Test func layersAndFortyStepsAgree() throws {
    let file = URL(fileURLWithPath: Assets.path("style/verify/vgg19_reference.json"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let program = try WeftProgram()
    defer { program.remove() }
    let graph = WeftProgram.checkout.appendingPathComponent("Tests/WeftTests/Fixtures/vgg19-reference.json").path
    let outcome = try program.run([
      "run", graph, "content=\(Assets.path("style/verify/tubingen_128.png"))",
      "style=\(Assets.path("style/verify/starry_night_128.png"))",
      "vgg=\(Assets.path("style/vgg19_to_relu3_4/vgg19_block1-3.hwio.safetensors"))", "--json", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let outputs = try #require(outcome.items.first?["outputs"] as? [String: Any])
    let means = try #require(outputs["means"] as? [Double])
    let norms = try #require(outputs["norms"] as? [Double])
    for (index, name) in reference.activations.keys.sorted().enumerated() {
      let want = reference.activations[name]!
      #expect(abs(means[index] - want.mean) / want.mean <= 1e-4, "\(name): mean \(means[index]) for \(want.mean)")
      #expect(abs(norms[index] - want.l2) / want.l2 <= 1e-4, "\(name): norm \(norms[index]) for \(want.l2)")
    }
    let rows = try program.table("out/log.csv").rows
    try #require(rows.count == reference.gatys.log.count)
    for (row, want) in zip(rows, reference.gatys.log) {
      // Columns of the reference: step, total, content, style, gradient norm.
      for (column, tolerance) in [(0, 1e-2), (2, 1e-2), (3, 1e-1)] {
        let wanted = want[column + 1]
        #expect(abs(row[column] - wanted) / wanted <= tolerance, "step \(want[0]): \(row[column]) for \(wanted)")
      }
    }
  }
}
