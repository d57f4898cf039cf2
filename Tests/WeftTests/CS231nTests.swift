import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// The published answers of CS231n assignment 3, from the graph that follows its recipe.
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct CS231nTests {
  private func losses(ceil: Bool) throws -> (content: Double, style: Double, tv: Double, gram: [Float]) {
    let program = try WeftProgram()
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/cs231n-losses.json", "content=\(Assets.path("style/images/tubingen.jpg"))",
      "style=\(Assets.path("style/images/starry_night.jpg"))",
      "model=\(Assets.path("style/squeezenet1_1/squeezenet1_1.mid32.safetensors"))", "ceil=\(ceil)", "--json",
      "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let outputs = try #require(outcome.items.first?["outputs"] as? [String: Any])
    func number(_ name: String) throws -> Double { try #require(outputs[name] as? Double) }
    let gram = try NPY.read(program.folder.appendingPathComponent("out/gram.npy").path).elements(Float.self)
    return (try number("content"), try number("style"), try number("tv"), gram)
  }

  private func expected(_ file: String) throws -> (style: Double, tv: Double, gram: [Float]) {
    let archive = try NPZ(Assets.path("style/cs231n_checks/\(file)"))
    func elements(_ name: String) throws -> [Float] {
      let header = try #require(archive.headers.first { $0.name == name })
      return try archive.load(header).converted(to: .f32).elements(Float.self)
    }
    return (Double(try elements("sl_out")[0]), Double(try elements("tv_out")[0]), try elements("gm_out"))
  }

  private func expectClose(_ value: Double, _ want: Double, _ tolerance: Double, _ what: String) {
    #expect(abs(value - want) / abs(want) <= tolerance, "\(what): \(value) for \(want)")
  }

  @Test func pyTorchEdition() throws {
    let got = try losses(ceil: true)
    let want = try expected("spring2019-style-transfer-checks.npz")
    // The printed PyTorch content loss carries noise of its own; see the asset's notes.
    expectClose(got.content, 32436.99, 5e-4, "content")
    expectClose(got.style, want.style, 1e-4, "style")
    expectClose(got.tv, want.tv, 1e-5, "tv")
    expectGram(got.gram, want.gram)
  }

  @Test func tensorFlowEdition() throws {
    let got = try losses(ceil: false)
    let want = try expected("spring2019-style-transfer-checks-tf.npz")
    expectClose(got.content, 32448.51, 1e-5, "content")
    expectClose(got.style, want.style, 5e-5, "style")
    expectClose(got.tv, want.tv, 1e-5, "tv")
    expectGram(got.gram, want.gram)
  }

  private func expectGram(_ got: [Float], _ want: [Float]) {
    #expect(got.count == want.count)
    let worst = zip(got, want).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst <= 2e-3, "largest difference \(worst)")
  }
}
