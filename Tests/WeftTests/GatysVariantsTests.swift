import Foundation
import Images
import Models
import Tensors
import TestSupport
import Testing

/// Every variant of style transfer by optimisation against PyTorch on the same pictures and weights: the numbers of
/// `Tools/reference/gatys.py --double`. Noise is each program's own, so all start from the content picture.
@Suite struct GatysVariantsTests {
  private struct Variant {
    let name: String
    let graph: String
    let network: [Int]
    let arguments: [String]
    /// Of the losses from the second row on; rounding decides more in L-BFGS.
    let tolerance: Double
  }

  private static let (vgg16, vgg19) = ([2, 2, 3, 3, 3], [2, 2, 4, 4, 4])
  private static let variants: [String: Variant] = [
    Variant(
      name: "gatys-torch", graph: "gatys-torch", network: vgg16, arguments: ["height=48", "width=48"], tolerance: 5e-2),
    Variant(
      name: "gatys-tf", graph: "gatys-tf", network: vgg16,
      arguments: ["layout=OIHW", "size=48", "noise_low=0", "noise_high=0"], tolerance: 5e-3),
    Variant(
      name: "gatys-coursera", graph: "gatys-coursera", network: vgg19,
      arguments: ["layout=OIHW", "height=48", "width=48", "noise_share=0", "keep_share=1"], tolerance: 1e-3),
    Variant(
      name: "gatys-v1", graph: "gatys-v1", network: vgg16, arguments: ["layout=OIHW", "size=48", "init=content"],
      tolerance: 2e-2),
    Variant(
      name: "neural-style", graph: "neural-style", network: vgg19,
      // Its first step is so short (1 / |g|) that the second one takes its length from the seventh digit of the gradient.
      arguments: ["layout=OIHW", "size=48", "init=content", "exact=true"],
      tolerance: 5e-2),
    Variant(
      name: "neural-style-normalised", graph: "neural-style", network: vgg19,
      arguments: ["layout=OIHW", "size=48", "init=content", "normalise_gradients=true", "optimizer=adam"],
      tolerance: 5e-2),
  ].reduce(into: [:]) { $0[$1.name] = $1 }

  private static let reference: [String: [[Double]]] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/gatys-variants.json")
    let json = try! JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: Any]
    return json.compactMapValues { $0 as? [[Double]] }
  }()

  /// Writes in/photo.png and in/painting.png, whole or their upper left parts of these widths and heights.
  private func pictures(_ crops: [[Int]] = [[48, 48], [48, 48]], in program: WeftProgram) throws {
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "mountains": { "op": "image.procedural", "with": { "kind": "mountains", "width": 48, "height": 48, "seed": 7 } },
          "strokes": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 48, "height": 48, "seed": 3 } },
          "photo": {
            "op": "image.crop",
            "in": { "image": "mountains" },
            "with": { "width": \(crops[0][0]), "height": \(crops[0][1]) }
          },
          "painting": {
            "op": "image.crop",
            "in": { "image": "strokes" },
            "with": { "width": \(crops[1][0]), "height": \(crops[1][1]) }
          }
        },
        "outputs": { "photo": "photo", "painting": "painting" }
      }
      """, "pictures.json")
    let made = try program.run(["run", "pictures.json", "--out", "in"])
    try #require(made.status == 0, "\(made.errors)")
  }

  /// Runs a graph for 20 steps and compares total, content and style of every row.
  private func compare(
    _ name: String, _ graph: String, _ arguments: [String], in program: WeftProgram, tolerance: Double
  ) throws {
    let outcome = try program.run(
      ["run", "style/\(graph).json", "content=in/photo.png", "style=in/painting.png", "steps=20", "--out", "out"]
        + arguments)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let table = try program.table("out/photo-painting.csv")
    #expect(table.header == "total,content,style,tv,grad_norm")
    let want = try #require(GatysVariantsTests.reference[name])
    try #require(table.rows.count == 20 && want.count == 20)
    for (index, (row, wanted)) in zip(table.rows, want).enumerated() {
      let limit = index == 0 ? 1e-3 : tolerance
      for column in 0..<3 where abs(wanted[column]) > 1e-5 {
        let error = abs(row[column] - wanted[column]) / max(abs(wanted[column]), 1e-6)
        #expect(error <= limit, "row \(index) column \(column): \(row[column]) for \(wanted[column])")
      }
    }
    #expect(abs(table.rows[0][4] - want[0][3]) / want[0][3] <= 1e-3, "\(table.rows[0][4]) for \(want[0][3])")
  }

  @Test(arguments: variants.keys.sorted()) func `a variant follows PyTorch`(_ name: String) throws {
    let variant = GatysVariantsTests.variants[name]!
    let program = try WeftProgram()
    defer { program.remove() }
    let weights = program.folder.appendingPathComponent("weights.safetensors").path
    try Safetensors.write(HashedWeights.vgg(variant.network), to: weights)
    try pictures(in: program)
    try compare(
      name, variant.graph, ["model=\(weights)", "rename={}"] + variant.arguments, in: program,
      tolerance: variant.tolerance)
  }

  /// At a second size, which goes on with Adam's averages and from the average of the iterates; at three sizes of pictures
  /// that are no squares; with each kind of pooling that its source knows; by its other optimiser.
  @Test(
    .enabled(if: Assets.present, "\(Assets.absent)"),
    arguments: [
      ("wasserstein", ["octaves=1"], 1e-3), ("wasserstein-l2", ["octaves=1", "pooling=l2"], 1e-3),
      (
        "wasserstein-sizes", ["octaves=2", "octave_ratio=0.7084", "octave_steps=10", "first_rounds=1"], 1e-3
      ), ("wasserstein-scales", ["octaves=3", "octave_steps=10"], 1e-3),
      ("wasserstein-doubled", ["octaves=1", "pooling=average"], 1e-3),
      // L-BFGS makes much of rounding: 1e-5 in row 6 is 7e-3 in row 18, by plain sums (`exact`) 5e-3.
      ("wasserstein-lbfgs", ["octaves=1", "optimizer=lbfgs"], 2e-2),
    ])
  func `the Wasserstein recipe follows PyTorch on real weights`(
    _ name: String, _ settings: [String], _ tolerance: Double
  )
    throws
  {
    let program = try WeftProgram()
    defer { program.remove() }
    try pictures(name == "wasserstein-scales" ? [[48, 37], [30, 28]] : [[48, 48], [48, 48]], in: program)
    try compare(
      name, "wasserstein",
      [
        "model=\(Assets.path("style/vgg19_to_relu3_4/vgg19_block1-3.hwio.safetensors"))", "size=48",
        "content_layers=[\"relu3_1\"]", "style_layers=[\"relu1_1\",\"relu2_1\",\"relu3_1\"]",
        "style_layer_weights=[0.5,0.3,0.2]",
      ] + settings, in: program, tolerance: tolerance)
  }

  /// As many sizes as are at least 128 px, each by a root of 2 larger than the one before.
  @Test(arguments: [(180, 1), (512, 5), (1024, 7)])
  func `the Wasserstein recipe paints large pictures at more sizes`(_ size: Int, _ sizes: Int) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try pictures(in: program)
    let plan = try program.run([
      "plan", "style/wasserstein.json", "content=in/photo.png", "style=in/painting.png", "network=vgg-mini",
      "stats=auto", "size=\(size)", "--json",
    ])
    try #require(plan.status == 0, "\(plan.errors)")
    let nodes = try #require(plan.items.first?["nodes"] as? [[String: Any]])
    #expect(nodes.filter { $0["op"] as? String == "optim.minimize" }.count == sizes)
  }

  /// Noise that begins with the style's colours has the moments of PyTorch's, each channel its own.
  @Test func `the start from a style's colours is that of PyTorch's normal distribution`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try pictures(in: program)
    let outcome = try program.run([
      "run", "style/wasserstein.json", "content=in/photo.png", "style=in/painting.png", "network=vgg-mini",
      "stats=auto",
      "size=160", "octaves=1", "init=style_stats", "style_layers=relu1_1", "content_layers=relu1_1",
      "style_layer_weights=1", "steps=1", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let path = program.folder.appendingPathComponent("out/photo-painting/0000.png").path
    let start = try ImageFile.read(path).pixels.elements(UInt8.self)
    let want = try #require(GatysVariantsTests.reference["style-stats"])
    for channel in 0..<3 {
      let values = stride(from: channel, to: start.count, by: 3).map { Double(start[$0]) / 255 }
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
      // 25,600 numbers tell their mean to 0.002, three times over.
      #expect(abs(mean - want[channel][0]) < 0.006 && abs(deviation - want[channel][1]) < 0.006, "\(mean) \(deviation)")
    }
  }

  @Test(.enabled(if: Assets.present, "\(Assets.absent)")) func `the recipe of CS231n follows its log on real weights`()
    throws
  {
    let reference = try JSONDecoder().decode(
      [[Double]].self,
      from: Data(
        contentsOf: URL(
          fileURLWithPath: Assets.path("style/verify/squeezenet_gatys_tubingen_starry_192.json"))))
    let isLong = ProcessInfo.processInfo.environment["WEFT_LONG"] == "1"
    let program = try WeftProgram()
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/gatys-cs231n.json", "content=\(Assets.path("style/verify/tubingen_192.png"))",
      "style=\(Assets.path("style/verify/starry_night_192.png"))",
      "model=\(Assets.path("style/squeezenet1_1/squeezenet1_1.mid32.safetensors"))", "size=256", "style_size=242",
      // By plain sums: Adam's first step follows the sign of the gradient, where it is nearly 0 that of the rounding.
      "tv=squared", "exact=true", "steps=\(isLong ? 200 : 11)", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let rows = try program.table("out/tubingen_192-starry_night_192.csv").rows
    for (index, row) in rows.prefix(11).enumerated() {
      let want = reference[index][1]
      #expect(abs(row[0] - want) / want < (index < 2 ? 1e-5 : 1e-2), "row \(index): \(row[0]) for \(want)")
    }
    if isLong {
      let want = reference[min(199, reference.count - 1)][1]
      #expect(abs(rows[199][0] - want) / want < 0.1, "final \(rows[199][0]) for \(want)")
    }
  }
}
