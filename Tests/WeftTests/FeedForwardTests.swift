import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// The nets that paint in one pass, on their real weights: the figures that independent implementations gave.
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct FeedForwardTests {
  private func image(_ path: String) throws -> [Double] {
    try ImageFile.read(path).converted(to: .rgb8).pixels.elements(UInt8.self).map(Double.init)
  }

  private func run(_ arguments: [String], _ output: String, _ check: ([Double], WeftProgram) throws -> Void) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    // The references were made of this photo at 384 × 248 by Pillow's bicubic filter.
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": { "type": "file" } },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "fit": { "op": "image.resize", "in": { "image": "load" }, "with": { "width": 384, "height": 248, "filter": "bicubic" } }
        },
        "outputs": { "fit": { "from": "fit", "save": "stata.png" } }
      }
      """, "fit.json")
    let photo = Assets.path("style/images/stata.jpg")
    try #require(try program.run(["run", "fit.json", "photo=\(photo)", "--out", "in"]).status == 0)
    let given = arguments.map { $0.replacingOccurrences(of: "STATA", with: "in/stata.png") }
    let outcome = try program.run(["run"] + given + ["--out", "out"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    try check(try image(program.folder.appendingPathComponent("out/\(output)").path), program)
  }

  private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
  }

  private func psnr(_ a: [Double], _ b: [Double]) -> Double {
    let error = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(a.count)
    return 10 * log10(255 * 255 / error)
  }

  @Test func `Johnson's wave`() throws {
    try run(
      [
        "style/fast.json", "content=STATA", "model=\(Assets.path("style/johnson_wave/wave.hwio.safetensors"))",
      ], "stata-fast.png"
    ) { pixels, _ in
      let (mean, deviation) = moments(pixels)
      #expect(abs(mean - 140.83) < 0.1 && abs(deviation - 50.30) < 0.1, "mean \(mean), deviation \(deviation)")
      let reference = try image(Assets.path("style/verify/johnson_wave_stata.png"))
      try #require(reference.count == pixels.count)
      // Equal but for the rounding of a few pixels: 94.9 dB.
      #expect(psnr(pixels, reference) > 80, "\(psnr(pixels, reference)) dB")
    }
  }

  @Test(arguments: [(1, 41.1), (2, 30.6), (3, 27.0), (4, 23.7), (5, 21.1)])
  func `encoder and decoder of each level`(_ level: Int, _ expected: Double) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": { "type": "file" } },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "fit": { "op": "image.resize", "in": { "image": "load" }, "with": { "longest": 320 } }
        },
        "outputs": { "fit": { "from": "fit", "save": "fit.png" } }
      }
      """, "fit.json")
    let photo = Assets.path("style/images/tubingen.jpg")
    try #require(try program.run(["run", "fit.json", "photo=\(photo)", "--out", "in"]).status == 0)
    let outcome = try program.run([
      "run", "style/adain.json", "content=in/fit.png", "style=in/fit.png", "size=320", "alpha=0", "level=\(level)",
      "models=\(Assets.path("style/wct_se16x"))", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let found = psnr(
      try image(program.folder.appendingPathComponent("out/fit-fit-adain.png").path),
      try image(program.folder.appendingPathComponent("in/fit.png").path))
    #expect(abs(found - expected) < 0.15, "\(found) dB for \(expected)")
  }

  @Test func `upconv_7 doubles a butterfly, in tiles as in one piece`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": { "type": "file" } },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "half": { "op": "image.resize", "in": { "image": "load" }, "with": { "scale": 0.5 } }
        },
        "outputs": { "half": { "from": "half", "save": "half.png" } }
      }
      """, "half.json")
    let photo = Assets.path("style/images/butterfly.png")
    try #require(try program.run(["run", "half.json", "photo=\(photo)", "--out", "in"]).status == 0)
    var results: [[Double]] = []
    for tile in [256, 50] {
      let outcome = try program.run([
        "run", "style/super-resolution.json", "photo=in/half.png", "tile=\(tile)", "exact=true",
        "model=\(Assets.path("style/sr_waifu2x_upconv7/photo_scale2.0x.safetensors"))", "--out", "out\(tile)",
      ])
      try #require(outcome.status == 0, "\(outcome.errors)")
      results.append(try image(program.folder.appendingPathComponent("out\(tile)/half-x2.png").path))
    }
    #expect(results[0] == results[1])
    // Full-range brightness, without the border of 4 px.
    func brightness(_ pixels: [Double]) -> [Double] {
      let inner = (0..<256 * 256).filter { (4..<252).contains($0 / 256) && (4..<252).contains($0 % 256) }
      return inner.map { (at: Int) -> Double in
        let (red, green, blue) = (0.299 * pixels[3 * at], 0.587 * pixels[3 * at + 1], 0.114 * pixels[3 * at + 2])
        return red + green + blue
      }
    }
    let found = psnr(brightness(results[0]), brightness(try image(photo)))
    #expect(abs(found - 32.57) < 0.15, "\(found) dB for 32.57")
  }

  @Test func `MicroAST paints Stata like the starry night`() throws {
    try run(
      [
        "style/microast.json", "content=STATA",
        "style=\(Assets.path("style/images/starry_night.jpg"))", "models=\(Assets.path("style/microast"))", "size=384",
      ], "stata-starry_night-microast.png"
    ) { pixels, _ in
      let (mean, deviation) = moments(pixels)
      #expect(
        abs(mean / 255 - 0.352) < 0.01 && abs(deviation / 255 - 0.173) < 0.01, "\(mean / 255), \(deviation / 255)")
    }
  }

  @Test func `all levels of WCT give a picture with the style's colours`() throws {
    try run(
      [
        "style/wct.json", "content=\(Assets.path("style/verify/tubingen_128.png"))",
        "style=\(Assets.path("style/verify/starry_night_128.png"))", "models=\(Assets.path("style/wct_se16x"))",
        "size=128", "alpha=1",
      ], "tubingen_128-starry_night_128-wct.png"
    ) { pixels, _ in
      let style = try image(Assets.path("style/verify/starry_night_128.png"))
      for channel in 0..<3 {
        let painted = moments(stride(from: channel, to: pixels.count, by: 3).map { pixels[$0] })
        let wanted = moments(stride(from: channel, to: style.count, by: 3).map { style[$0] })
        #expect(abs(painted.mean - wanted.mean) < 12 && abs(painted.deviation - wanted.deviation) < 12)
      }
    }
  }
}
