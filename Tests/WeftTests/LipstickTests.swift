import Foundation
import TestSupport
import Testing

/// The lipstick networks over all 170 pairs: the reference checkpoints give the figures known of them, and those that
/// ship are at or below.
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct LipstickTests {
  /// One step that moves nothing measures the error of what is shown.
  private static let graph = """
    {
      "format": 1,
      "params": { "rename": { "type": "literal", "default": {} }, "layout": { "type": "string", "default": "OIHW" } },
      "inputs": { "plain": "folder", "painted": "folder", "model": "file" },
      "nodes": {
        "pairs": {
          "op": "data.pairs", "in": { "inputs": "@plain", "targets": "@painted" },
          "with": { "size": [30, 90], "range": "0..255" }
        },
        "all": {
          "op": "data.batches", "in": { "x": "pairs.x", "y": "pairs.y" }, "with": { "size": 170, "shuffle": false }
        },
        "load": {
          "op": "weights.load", "in": { "file": "@model" },
          "with": { "rename": { "$": "rename" }, "layout": { "$": "layout" } }
        },
        "fit": {
          "op": "optim.minimize", "body": "graph:loss", "in": { "x": "all.x", "y": "all.y" },
          "wrt": { "weights": "load" }, "with": { "method": "sgd", "lr": 0 }, "until": { "steps": 1 }
        }
      },
      "outputs": { "log": "fit.log" },
      "graphs": {
        "loss": {
          "inputs": {
            "x": "tensor<f32>[N,3,H,W] rgb 0..255", "y": "tensor<f32>[N,3,H,W] rgb 0..255", "weights": "weights"
          },
          "nodes": {
            "net": { "op": "networks/lips.json", "in": { "x": "@x" }, "weights": "@weights" },
            "shown": { "op": "math.clip", "in": { "x": "net" }, "with": { "min": 0, "max": 255 } },
            "mse": { "op": "nn.mse", "in": { "a": "shown", "b": "@y" } }
          },
          "outputs": { "mse": "mse" }
        }
      }
    }
    """

  /// Of the TensorFlow checkpoints: weights and biases in turn.
  private static let rename = """
    rename={"Variable": "conv1.weight", "Variable_1": "conv1.bias", "Variable_2": "conv2.weight", \
    "Variable_3": "conv2.bias", "Variable_4": "conv3.weight", "Variable_5": "conv3.bias"}
    """

  @Test func `errors over all pairs are those known`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(LipstickTests.graph, "g.json")
    let unpack = Process()
    unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    unpack.arguments = ["tar", "xzf", Assets.path("style/lips/data_train.tar.gz"), "-C", program.folder.path]
    try unpack.run()
    unpack.waitUntilExit()
    try #require(unpack.terminationStatus == 0)
    func error(_ model: String, _ painted: String, _ more: [String]) throws -> Double {
      let outcome = try program.run(
        ["run", "g.json", "plain=data_train/train_month", "painted=data_train/\(painted)", "model=\(model)"] + more)
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try program.table("out/log.csv").rows[0][0]
    }
    let shipped = WeftProgram.checkout.appendingPathComponent("Graphs/models").path
    for (effect, name, reference, own) in [
      ("brightening", "lipstick-glaze", 159.095, 135.404), ("whitening", "lipstick-gloss", 106.184, 79.749),
    ] {
      let painted = "train_\(effect)_month"
      let known = try error(
        Assets.path("style/lips/\(effect).hwio.safetensors"), painted, [LipstickTests.rename, "layout=HWIO"])
      #expect(abs(known - reference) < 0.1, "\(effect): \(known)")
      let mine = try error("\(shipped)/\(name).safetensors", painted, [])
      #expect(abs(mine - own) < 0.01, "\(name): \(mine)")
    }
  }
}
