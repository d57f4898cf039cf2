import Tensors

extension Picture {
  /// A summer sky: heaps of cloud, lit from above, smaller towards the horizon.
  public static func clouds(width: Int, height: Int, seed: UInt64 = 1) -> Image {
    requireSize(width, height)
    let noise = Noise(seed: seed)
    var field = LightField(width: width, height: height)
    for y in 0..<height {
      let up = 1 - (Double(y) + 0.5) / Double(height)
      let plane = 1 / (up + 0.45)
      let blue = Light(0.80, 0.88, 0.95).mixed(Light(0.20, 0.42, 0.74), ramp(0, 1, up))
      for x in 0..<width {
        let across = (Double(x) + 0.5 - Double(width) / 2) / Double(height)
        let (u, v) = (across * plane * 3.2, plane * 5.2)
        let warp = noise.stream(1).fractal(u, v, octaves: 4) - 0.5
        let body = noise.fractal(u + 1.2 * warp, v - 0.9 * warp, octaves: 8)
        // Towards the light the cloud is thinner where its side is lit.
        let lit = body - noise.fractal(u + 1.2 * warp + 0.08, v - 0.9 * warp - 0.16, octaves: 6)
        let white = Light(0.66, 0.71, 0.79).mixed(Light(1, 0.99, 0.97), ramp(-0.16, 0.12, lit))
        field[x, y] = blue.mixed(white, ramp(0.47, 0.64, body))
      }
    }
    return field.image()
  }

  /// Squares of two colours, `cell` pixels wide; the top left one is `first`.
  public static func checker(
    width: Int, height: Int, cell: Int = 16, first: Colour = .white, second: Colour = .black
  ) -> Image {
    requireSize(width, height)
    precondition(cell > 0, "a checker cell of \(cell) pixels")
    return filled(width, height) { x, y in (x / cell + y / cell) % 2 == 0 ? first : second }
  }

  public enum Direction: String, Sendable, Hashable, CaseIterable { case across, down }

  /// From the first colour at the first pixel to the last colour at the last one.
  public static func gradient(
    width: Int, height: Int, from first: Colour = .black, to last: Colour = .white, _ direction: Direction = .across
  ) -> Image {
    requireSize(width, height)
    let steps = max(1, (direction == .across ? width : height) - 1)
    func between(_ a: UInt8, _ b: UInt8, _ step: Int) -> UInt8 {
      UInt8((Int(a) * (steps - step) * 2 + Int(b) * step * 2 + steps) / (2 * steps))
    }
    return filled(width, height) { x, y in
      let step = direction == .across ? x : y
      return Colour(
        between(first.red, last.red, step), between(first.green, last.green, step), between(first.blue, last.blue, step)
      )
    }
  }

  /// Every sample independent and uniform in 0...255.
  public static func noise(width: Int, height: Int, seed: UInt64 = 1) -> Image {
    requireSize(width, height)
    let noise = Noise(seed: seed)
    return filled(width, height) { x, y in
      let bits = noise.bits(x, y)
      return Colour(
        UInt8(truncatingIfNeeded: bits >> 40), UInt8(truncatingIfNeeded: bits >> 48),
        UInt8(truncatingIfNeeded: bits >> 56))
    }
  }

  static func requireSize(_ width: Int, _ height: Int) {
    precondition(width > 0 && height > 0, "a picture of \(width) × \(height) pixels")
  }

  private static func filled(_ width: Int, _ height: Int, _ colour: (Int, Int) -> Colour) -> Image {
    Image(
      format: .rgb8,
      pixels: Tensor(UInt8.self, shape: [height, width, 3]) { target in
        var out = 0
        for y in 0..<height {
          for x in 0..<width {
            let colour = colour(x, y)
            (target[out], target[out + 1], target[out + 2]) = (colour.red, colour.green, colour.blue)
            out += 3
          }
        }
      })
  }
}
