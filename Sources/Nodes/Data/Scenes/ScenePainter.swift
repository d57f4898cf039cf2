import Images
import Glibc
import Kernels
import Language
import Tensors

/// Paints scenes.
enum ScenePainter {
  /// [1, size, size], grey 0...1.
  static func paint(
    _ scene: Scene, size: Int, sources: SceneSources, position: Int, seed: UInt64
  ) throws(Fault) -> Tensor {
    var pixels = [Double](repeating: 0, count: size * size)
    for tile in scene.tiles {
      let picture = try sources.picture(tile.path)
      let step = tile.map.scale
      for row in tile.top..<tile.top + tile.side {
        for column in tile.left..<tile.left + tile.side {
          let place = tile.map(Point(Double(column) + 0.5, Double(row) + 0.5))
          pixels[row * size + column] = lit(
            picture.sample(place.x, place.y, step: step), tile.tone, row, column, size)
        }
      }
    }
    for patch in scene.patches {
      lay(patch, try sources.picture(patch.path), on: &pixels, size)
    }
    if scene.blurs { blur(&pixels, size) }
    if scene.noise > 0 {
      var noise = [Float](repeating: 0, count: pixels.count)
      Philox(key: seed, counter: UInt128(UInt64(position) ^ 0x6e6f_6973_65) << 64).normal(0..<noise.count, &noise)
      for index in pixels.indices { pixels[index] += scene.noise * Double(noise[index]) }
    }
    // As a picture file would have it: eight bits.
    return Tensor(
      shape: [1, size, size], pixels.map { Float((min(1, max(0, $0)) * 255).rounded(.toNearestOrEven) / 255) })
  }

  private static func lit(_ value: Double, _ tone: Scene.Tone, _ row: Int, _ column: Int, _ size: Int) -> Double {
    let (x, y) = ((Double(column) + 0.5) / Double(size) - 0.5, (Double(row) + 0.5) / Double(size) - 0.5)
    return value * tone.gain + tone.offset + tone.slopeX * x + tone.slopeY * y
  }

  private static func lay(_ patch: Scene.Patch, _ picture: ScenePicture, on pixels: inout [Double], _ size: Int) {
    let (step, centre) = (patch.map.scale, patch.box.centre)
    let (wide, high) = (patch.box.width / 2, patch.box.height / 2)
    // The picture's own border shows nowhere: the mask is gone there.
    let border = 0.06 * Double(min(picture.height, picture.width))
    for row in 0..<size {
      for column in 0..<size {
        let place = patch.map(Point(Double(column) + 0.5, Double(row) + 0.5))
        let inside = min(
          min(place.x, Double(picture.width) - place.x), min(place.y, Double(picture.height) - place.y))
        guard inside > 0 else { continue }
        let (u, v) = (abs(place.x - centre.x) / wide, abs(place.y - centre.y) / high)
        guard max(u, v) < 1 else { continue }
        let distance = pow(pow(u, patch.power) + pow(v, patch.power), 1 / patch.power)
        let share = min(min(1, max(0, (1 - distance) / patch.fade)), inside / border)
        guard share > 0 else { continue }
        let value = lit(picture.sample(place.x, place.y, step: step), patch.tone, row, column, size)
        pixels[row * size + column] += min(1, share) * (value - pixels[row * size + column])
      }
    }
  }

  /// The mean of 3 × 3; the edge repeats.
  private static func blur(_ pixels: inout [Double], _ size: Int) {
    let source = pixels
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for dy in -1...1 {
          let line = min(size - 1, max(0, row + dy)) * size
          for dx in -1...1 { sum += source[line + min(size - 1, max(0, column + dx))] }
        }
        pixels[row * size + column] = sum / 9
      }
    }
  }
}
