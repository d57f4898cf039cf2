import Glibc
import Tensors

/// A mountain valley with a lake on a summer morning: a height field seen in perspective.
///
/// Columns are marched from near to far (what is nearer hides what is behind, so each pixel is shaded once); the lake
/// mirrors what lies above its shore; distance fades into haze.
struct Mountains {
  private let shape: Noise
  private let detail: Noise
  private let trees: Noise
  private let air: Noise
  private let meander: Double

  private static let sun = Light(-0.62, 0.50, -0.60)
  private static let eye = 0.42
  private static let far = 60.0

  init(seed: UInt64) {
    let noise = Noise(seed: seed)
    (shape, detail, trees, air) = (noise.stream(0), noise.stream(1), noise.stream(2), noise.stream(3))
    meander = noise.stream(4).hash(0) * 6
  }

  /// Any size; the view is as high as the picture and as wide as it is broad.
  func render(width: Int, height: Int) -> Image {
    // Small pictures are cheap enough to be drawn twice as large and averaged.
    let samples = width * height <= 1_500_000 ? 2 : 1
    var field = LightField(width: width * samples, height: height * samples)
    var mirrored = LightField(width: field.width, height: field.height)
    for x in 0..<field.width { column(x, &field, &mirrored) }
    ripple(&field, mirrored)
    return field.image(samples: samples)
  }

  // MARK: the land

  /// Height of the ground at (x, z) in units of about 300 m; the lake's surface is 0.
  private func ground(_ x: Double, _ z: Double, octaves: Int) -> Double {
    let axis = 0.9 * sin(z * 0.33 + meander)
    let side = abs(x - axis)
    let slopes = ramp(0.9, 7.5, side + 0.10 * max(0, z - 9) - 0.35)
    let back = ramp(10, 24, z)
    let mass = max(slopes * (0.45 + 0.55 * ramp(3, 12, z)), back)
    let peaks = shape.ridged(x * 0.155 + 3.7, z * 0.155, octaves: octaves)
    let hills = shape.fractal(x * 0.5 + 40, z * 0.5, octaves: min(octaves, 4))
    let shoreline = 0.16 * ramp(0.5, 2.2, side) + 0.2 * ramp(8.5, 11, z) - 0.09 + 0.11 * (hills - 0.5)
    return shoreline + mass * (0.2 + 4.3 * peaks * (0.35 + 0.75 * peaks) + 0.7 * (hills - 0.4))
  }

  /// Ground with trees on it.
  private func surface(_ x: Double, _ z: Double, octaves: Int) -> (height: Double, tree: Double) {
    let ground = ground(x, z, octaves: octaves)
    guard z < 16, ground > 0.03, ground < 1.5 else { return (ground, 0) }
    let tree = tree(x, z, ground)
    return (ground + tree, tree)
  }

  /// Height of the conifer that stands over (x, z), 0 between trees.
  private func tree(_ x: Double, _ z: Double, _ ground: Double) -> Double {
    let cell = 0.085
    let (i, j) = (Int((x / cell).rounded(.down)), Int((z / cell).rounded(.down)))
    let wood = detail.fractal(x * 0.9, z * 0.9, octaves: 3)
    let density = 1.7 * (wood - 0.36) * (1 - ramp(0.8, 1.45, ground)) + 0.35 * ramp(0.15, 0.4, ground)
    guard trees.hash(i, j) < density else { return 0 }
    let (dx, dz) = (trees.hash(i + 7001, j) * 0.5 + 0.25, trees.hash(i, j + 7001) * 0.5 + 0.25)
    let (offX, offZ) = (x - (Double(i) + dx) * cell, z - (Double(j) + dz) * cell)
    let tall = 0.11 + 0.10 * trees.hash(i + 311, j + 97)
    let part = (offX * offX + offZ * offZ).squareRoot() / (cell * 0.36)
    return part < 1 ? tall * (1 - part) : 0
  }

  private func shade(_ x: Double, _ z: Double, _ tree: Double) -> Light {
    let octaves = z < 4 ? 6 : 9  // near by there is meadow and shore, which are smooth
    let step = 0.004 + 0.0016 * z
    let here = ground(x, z, octaves: octaves)
    let slope = Light(
      here - ground(x + step, z, octaves: octaves), step, here - ground(x, z + step, octaves: octaves))
    let normal = slope / (slope * slope).sum().squareRoot()
    let light = max(0, (normal * Self.sun).sum())
    let grain = detail.fractal(x * 9, z * 9, octaves: 4)
    let patch = detail.fractal(x * 1.3 + 5, z * 1.3, octaves: 4)
    let steep = 1 - normal.y
    let blades = z < 7 ? detail.fractal(x * 90, z * 60, octaves: 4) : 0.5
    let meadow = Light(0.26, 0.34, 0.12).mixed(Light(0.50, 0.47, 0.22), patch) * (0.5 + blades)
    let rock = Light(0.36, 0.33, 0.31).mixed(Light(0.54, 0.49, 0.45), grain)
    let bare = max(ramp(0.30, 0.52, steep + 0.2 * (grain - 0.5)), ramp(1.1, 1.9, here + patch - 0.5))
    var colour = meadow.mixed(rock, bare)
    let snow = ramp(1.75, 2.25, here + 0.9 * (patch - 0.5) + 0.5 * (grain - 0.5)) * (1 - ramp(0.42, 0.62, steep))
    colour = colour.mixed(Light(0.94, 0.95, 0.98), snow)
    if tree > 0 {
      let needle = Light(0.07, 0.15, 0.08).mixed(Light(0.17, 0.27, 0.11), grain)
      colour = needle * (0.45 + 5.5 * tree)
    } else if here < 0.05 {
      colour = colour.mixed(Light(0.50, 0.46, 0.38) * (0.7 + 0.6 * grain), 1 - ramp(0.012, 0.05, here))
    }
    let lit = colour * (Light(1.22, 1.10, 0.92) * light + Light(0.30, 0.36, 0.46) * (0.75 + 0.25 * normal.y))
    return hazed(lit, x, z, max(0, here))
  }

  private func hazed(_ colour: Light, _ x: Double, _ z: Double, _ height: Double) -> Light {
    let depth = 1 - exp(-max(0, z - 1) / (21 + 6 * max(0, height)))
    let towardsSun = ramp(0.9, -0.9, x / max(z, 1))
    return colour.mixed(Light(0.68, 0.77, 0.87).mixed(Light(0.93, 0.86, 0.76), 0.75 * towardsSun), depth)
  }

  // MARK: the picture

  /// Row of the horizon and pixels per unit at distance 1.
  private func camera(_ field: LightField) -> (horizon: Double, focal: Double) {
    (Double(field.height) * 0.56, Double(field.height) * 1.05)
  }

  /// Draws the sky and land of one column, and what its lake would mirror if it lay still.
  private func column(_ x: Int, _ field: inout LightField, _ mirrored: inout LightField) {
    let (horizon, focal) = camera(field)
    let across = (Double(x) + 0.5 - Double(field.width) / 2) / focal
    var free = field.height  // rows from here on are drawn
    var lake: [Int] = []  // rows of the lake whose mirrored ray has met nothing yet, the farthest last
    var z = 0.55
    var last = (z: z, row: -Double.infinity, image: Double.infinity)
    while z < Self.far, free > 0 {
      let point = surface(across * z, z, octaves: z < 4 ? 6 : 8)
      let height = max(point.height, 0)
      let row = horizon - (height - Self.eye) / z * focal
      let image = horizon + (height + Self.eye) / z * focal
      // Between two steps of the march the ground is taken as straight; trees stand upright.
      func depth(_ part: Double) -> Double { point.tree > 0 ? z : last.z + (z - last.z) * min(max(part, 0), 1) }
      while point.height > 0, let y = lake.last, Double(y) + 0.5 <= image {
        let distance = last.image < image ? depth((Double(y) - last.image) / (image - last.image)) : z
        mirrored[x, y] = shade(across * distance, distance, point.tree)
        lake.removeLast()
      }
      let first = max(0, Int(row.rounded(.up)))
      if first < free {
        for y in stride(from: free - 1, through: first, by: -1) {
          if point.height <= 0 {
            lake.append(y)
            continue
          }
          let distance = last.row > row ? depth((last.row - Double(y)) / (last.row - row)) : z
          field[x, y] = shade(across * distance, distance, point.tree)
        }
        free = first
      }
      last = (z, row, image)
      z += max(0.008, 0.0034 * z)
    }
    for y in 0..<max(0, free) { field[x, y] = sky(across, (horizon - Double(y) - 0.5) / focal) }
    for y in lake { mirrored[x, y] = sky(across, (Double(y) + 0.5 - horizon) / focal) }
  }

  private func sky(_ across: Double, _ up: Double) -> Light {
    let blue = Light.gradient(
      [
        (0, Light(0.86, 0.86, 0.84)), (0.10, Light(0.76, 0.83, 0.90)), (0.32, Light(0.47, 0.66, 0.86)),
        (0.65, Light(0.24, 0.45, 0.74)),
      ], at: up)
    let glow = exp(-(pow(across + 0.75, 2) * 1.6 + pow(up - 0.12, 2) * 7))
    var colour = blue.mixed(Light(1.0, 0.91, 0.74), 0.7 * glow)
    // Clouds lie in a plane overhead, so they are smaller and denser towards the horizon.
    let plane = 1 / (max(up, 0) + 0.13)
    let (x, y) = (across * plane * 1.15 + 11, plane * 1.5)
    let puff = air.fractal(x, y, octaves: 7)
    let cover = ramp(0.50, 0.70, puff + 0.05) * ramp(0.015, 0.10, up) * 0.95
    let lit = air.fractal(x - 0.10, y + 0.06, octaves: 5)
    let cloud = Light(0.72, 0.76, 0.83).mixed(Light(1.0, 0.98, 0.95), ramp(-0.14, 0.10, puff - lit + 0.02))
    colour = colour.mixed(cloud.mixed(Light(1, 0.93, 0.82), 0.5 * glow), cover)
    return colour
  }

  /// Fills the lake: its mirror image, broken by ripples, darker when looked at steeply.
  private func ripple(_ field: inout LightField, _ mirrored: LightField) {
    let (horizon, focal) = camera(field)
    for y in 0..<field.height {
      let depth = Self.eye * focal / max(Double(y) + 0.5 - horizon, 0.5)
      let steep = ramp(0, 0.55, (Double(y) - horizon) / focal)
      for x in 0..<field.width where mirrored[x, y] != .zero {
        let across = (Double(x) + 0.5 - Double(field.width) / 2) / focal * depth
        let ripple = detail.fractal(across * 5, depth * 26 / (1 + 0.08 * depth), octaves: 4) - 0.5
        let calm = 0.35 + 0.65 * ramp(0.40, 0.62, air.fractal(across * 0.6, depth * 1.7, octaves: 3))
        let bend = ripple * calm * Double(field.height) * 0.055 / (0.6 + 0.25 * depth)
        let column = min(max(x + Int((bend * 0.35).rounded()), 0), field.width - 1)
        let row = min(max(y + Int(bend.rounded()), 0), field.height - 1)
        let image = mirrored[column, row] == .zero ? mirrored[x, y] : mirrored[column, row]
        let water = Light(0.05, 0.15, 0.19).mixed(Light(0.10, 0.24, 0.24), ripple + 0.5)
        let gleam = Light(repeating: 0.05 * max(0, ripple) * calm)
        field[x, y] = (image * 0.92).mixed(water, 0.12 + 0.50 * steep) + gleam
      }
    }
  }
}
