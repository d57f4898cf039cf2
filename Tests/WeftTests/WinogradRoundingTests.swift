import Foundation
import Images
import Models
import Tensors
import TestSupport
import Testing

/// Winograd's convolutions round more than plain sums do; users must not see it.
@Suite struct WinogradRoundingTests {
  private static let networks = WeftProgram.checkout.appendingPathComponent("Graphs/networks")

  /// Adam at this rate: L-BFGS and larger steps part from themselves when a loss weight changes in its seventh digit.
  @Test(.enabled(if: Assets.present, "\(Assets.absent)"))
  func `A picture after 100 evaluations is that of the direct path`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let pictures = try [false, true].map { exact in
      let outcome = try program.run([
        "run", "style/transfer.json", "content=\(Assets.path("style/images/tubingen.jpg"))",
        "style=\(Assets.path("style/images/starry_night.jpg"))",
        "model=\(Assets.path("style/vgg19_to_relu3_4/vgg19_block1-3.hwio.safetensors"))",
        "content_layers=[\"relu3_2\"]", "style_layers=[\"relu1_1\",\"relu2_1\",\"relu3_1\"]", "size=96", "steps=100",
        "optimizer=adam", "lr=0.005", "exact=\(exact)", "--out", "\(exact)",
      ])
      try #require(outcome.status == 0, "\(outcome.errors)")
      let path = program.folder.appendingPathComponent("\(exact)/tubingen-starry_night.png").path
      return try ImageFile.read(path).converted(to: .rgb8).pixels.elements(UInt8.self).map(Double.init)
    }
    let sum = zip(pictures[0], pictures[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let error = (sum / Double(pictures[0].count)).squareRoot()
    #expect(error > 0, "both were painted by the same path")
    #expect(error <= 1, "\(error) of 255 levels")
  }

  @Test func `An embedding is that of the direct path`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let network = try String(
      contentsOf: Self.networks.appendingPathComponent("face-encoder-mini.json"), encoding: .utf8)
    let exact = network.replacingOccurrences(of: "\"padding\": 1", with: "\"padding\": 1, \"exact\": true")
    try program.write(exact, "exact.json")
    let nodes = ["networks/face-encoder-mini.json", "exact.json"].enumerated().map { index, op in
      """
      "vector\(index)": { "op": "\(op)", "in": { "x": "small" }, "weights": "models/face-encoder-mini.safetensors" }
      """
    }
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 64, "height": 64, "seed": 7 } },
          "planes": { "op": "image.to_tensor", "in": { "image": "photo" } },
          "small": { "op": "math.mean", "in": { "x": "planes" }, "with": { "axes": [1], "keep_dims": true } },
          \(nodes.joined(separator: ",\n"))
        },
        "outputs": {
          "a": { "from": "vector0", "save": "a.npy" }, "b": { "from": "vector1", "save": "b.npy" }
        }
      }
      """, "both.json")
    let outcome = try program.run(["run", "both.json", "--out", "out"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let vectors = try ["a", "b"].map {
      try NPY.read(program.folder.appendingPathComponent("out/\($0).npy").path).elements(Float.self).map(Double.init)
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let cosine = dot(vectors[0], vectors[1]) / (dot(vectors[0], vectors[0]) * dot(vectors[1], vectors[1])).squareRoot()
    #expect(vectors[0] != vectors[1], "both were made by the same path")
    #expect(cosine >= 0.99999, "\(cosine)")
  }
}
