import Glibc
import Tensors

/// A painting of a night sky over a village: a colour field and a flow field, painted over with rows of bristles that
/// follow the flow, from broad strokes to fine ones, and lit from the side as thick paint is.
struct Brushstrokes {
  private let noise: Noise
  private let whirls: [(x: Double, y: Double, radius: Double, spin: Double)]
  private let stars: [(x: Double, y: Double, radius: Double)]

  /// Positions are in units of the picture's height; x runs to `aspect`.
  init(seed: UInt64, aspect: Double) {
    noise = Noise(seed: seed)
    let chance = noise.stream(1)
    whirls = (0..<4).map { i in
      let spread = (Double(i) + 0.25 + 0.5 * chance.hash(i, 0)) / 4
      return (
        spread * aspect, 0.18 + 0.30 * chance.hash(i, 1), 0.11 + 0.10 * chance.hash(i, 2), i % 2 == 0 ? 1 : -1
      )
    }
    let moon = (x: aspect * 0.86, y: 0.15, radius: 0.085)
    stars =
      [moon]
      + (0..<11).map { i in
        let spread = (Double(i) + chance.hash(i, 3)) / 11
        return (spread * aspect, 0.05 + 0.46 * chance.hash(i, 4), 0.018 + 0.022 * chance.hash(i, 5))
      }
  }

  // MARK: what is painted

  /// The upper edges of the hills and of the village.
  private func skyline(_ x: Double) -> Double {
    0.70 + 0.18 * (noise.stream(2).fractal(x * 1.6, 0.5, octaves: 4) - 0.5)
  }
  private func roofline(_ x: Double) -> Double {
    0.80 + 0.05 * (noise.stream(3).fractal(x * 3, 2.5, octaves: 3) - 0.5)
  }

  /// Half the width of the cypress at height y; its axis sways.
  private func cypress(_ x: Double, _ y: Double, _ aspect: Double) -> Bool {
    let axis = aspect * 0.15 + 0.018 * sin(y * 16)
    let part = (y - 0.10) / 0.95
    guard part > 0 else { return false }
    let half = 0.115 * pow(part, 0.75) * (0.82 + 0.18 * sin(y * 33) + 0.25 * (noise.value(x * 30, y * 22) - 0.5))
    return abs(x - axis) < half
  }

  /// The sky without clouds and stars, by height.
  private static let heights: [(Double, Light)] = [
    (0, Light(22, 40, 104)), (0.35, Light(44, 84, 158)), (0.56, Light(92, 146, 186)), (0.70, Light(176, 192, 150)),
  ]

  /// The colour wanted at a place.
  private func colour(_ x: Double, _ y: Double, _ aspect: Double) -> Light {
    let tone = noise.stream(4)
    if cypress(x, y, aspect) {
      let light = tone.value(x * 45, y * 9)
      let spark = tone.hash(Int(x * 900), Int(y * 300)) * light
      return Light(18, 26, 22).mixed(Light(66, 70, 34), light * light).mixed(Light(96, 60, 34), 0.4 * spark)
    }
    if y > roofline(x) { return village(x, y) }
    if y > skyline(x) {
      let fold = tone.fractal(x * 5 + 9, y * 13, octaves: 3)
      let hill = Light(20, 40, 92).mixed(Light(84, 132, 172), ramp(0.3, 0.75, fold))
      return hill.mixed(Light(34, 62, 58), ramp(0.04, 0.11, y - skyline(x)))
    }
    var sky = Light.gradient(Self.heights, at: y)
    let band = tone.fractal(x * 2.2, y * 7 + 0.5 * sin(x * 3), octaves: 4)
    sky = sky.mixed(Light(14, 26, 76), ramp(0.52, 0.72, band))
    sky = sky.mixed(Light(170, 206, 214), 0.75 * ramp(0.50, 0.26, band))
    for whirl in whirls {
      let (dx, dy) = (x - whirl.x, y - whirl.y)
      let distance = (dx * dx + dy * dy).squareRoot() / whirl.radius
      guard distance < 1.6 else { continue }
      let arm = sin(distance * 9 - atan2(dy, dx) * whirl.spin * 2)
      let part = ramp(1.6, 0.5, distance)
      sky = sky.mixed(arm > 0 ? Light(206, 226, 222) : Light(40, 92, 172), part * (0.30 + 0.38 * abs(arm)))
    }
    for (index, star) in stars.enumerated() {
      let (dx, dy) = (x - star.x, y - star.y)
      let distance = (dx * dx + dy * dy).squareRoot() / star.radius
      guard distance < 3.4 else { continue }
      let ring = 0.5 + 0.5 * cos(distance * 5.2)
      let halo = Light(238, 214, 92).mixed(Light(214, 232, 196), ramp(0.8, 2.2, distance))
      sky = sky.mixed(halo, ramp(3.4, 0.9, distance) * (0.55 + 0.4 * ring))
      let bitten = index == 0 && pow(dx + 0.030, 2) + pow(dy + 0.006, 2) < pow(star.radius * 0.66, 2)
      let body = index == 0 ? Light(255, 196, 44) : Light(255, 244, 190)
      if distance < 0.95 { sky = bitten ? Light(232, 206, 96) : body }
    }
    return sky
  }

  private func village(_ x: Double, _ y: Double) -> Light {
    let ground = noise.stream(5)
    let field = Light(24, 46, 54).mixed(Light(70, 104, 74), ground.fractal(x * 8, y * 20, octaves: 3))
    let cell = 0.085
    let row = Int(((y - 0.80) / 0.062).rounded(.down))
    let shift = row % 2 == 0 ? 0 : cell / 2
    let column = Int(((x + shift) / cell).rounded(.down))
    guard row >= 0, row < 3, ground.hash(column, row) < 0.72 else { return field }
    let (u, v) = ((x + shift) / cell - Double(column), (y - 0.80) / 0.062 - Double(row))
    guard u > 0.12, u < 0.88 else { return field }
    let roof = 0.42 - 0.42 * (1 - abs(u - 0.5) / 0.38)
    guard v > roof, v < 0.95 else { return field }
    let roofs = [Light(118, 62, 50), Light(40, 56, 92), Light(92, 84, 66)]
    if v < 0.44 { return roofs[Int(ground.bits(column, row + 50) % 3)] }
    let isWindow = abs(u - 0.36) < 0.12 && v > 0.54 && v < 0.84
    if isWindow, ground.hash(column, row + 9) < 0.75 { return Light(255, 208, 76) }
    return Light(52, 76, 112).mixed(Light(96, 112, 128), ground.hash(column + 31, row))
  }

  /// The direction of the brush at a place, in radians.
  private func flow(_ x: Double, _ y: Double, _ aspect: Double) -> Double {
    if cypress(x, y, aspect) { return .pi / 2 + 0.5 * sin(y * 16 + 1.5) }
    if y > roofline(x) { return 0.25 * sin(x * 9) + (noise.value(x * 20, y * 20) < 0.4 ? 1.4 : 0) }
    let drift = 0.55 * sin(x * 2.7 + 4 * y) + 1.1 * (noise.stream(6).fractal(x * 2, y * 3, octaves: 3) - 0.5)
    var (vx, vy) = (cos(drift), sin(drift))
    if y > skyline(x) {
      let lean = atan2(skyline(x + 0.02) - skyline(x - 0.02), 0.04)
      return lean + 0.35 * sin(x * 14)
    }
    func turn(_ cx: Double, _ cy: Double, _ reach: Double, _ spin: Double, _ strength: Double) {
      let (dx, dy) = (x - cx, y - cy)
      let distance = (dx * dx + dy * dy).squareRoot() + 1e-6
      let pull = strength * exp(-pow(distance / reach, 2))
      vx += pull * (-dy * spin - 0.25 * dx) / distance
      vy += pull * (dx * spin - 0.25 * dy) / distance
    }
    for whirl in whirls { turn(whirl.x, whirl.y, whirl.radius * 1.5, whirl.spin, 5) }
    for star in stars { turn(star.x, star.y, star.radius * 2.6, 1, 7) }
    return atan2(vy, vx)
  }

  // MARK: how it is painted

  func render(width: Int, height: Int) -> Image {
    let (scale, aspect) = (Double(height), Double(width) / Double(height))
    var field = LightField(width: width, height: height)
    // The ground is toned in the colours to come, so that gaps between strokes do not show.
    for y in 0..<height {
      for x in 0..<width { field[x, y] = colour((Double(x) + 0.5) / scale, (Double(y) + 0.5) / scale, aspect) * 0.9 }
    }
    var relief = [Double](repeating: 0, count: width * height)
    // Width of the brush, length of the stroke and distance between strokes, as parts of the height.
    let coats: [(brush: Double, length: Double, pitch: Double)] = [
      (0.050, 0.16, 0.030), (0.024, 0.11, 0.014), (0.0125, 0.062, 0.0085),
    ]
    for (number, coat) in coats.enumerated() {
      let chance = noise.stream(UInt64(20 + number))
      let (columns, rows) = (Int(aspect / coat.pitch) + 2, Int(1 / coat.pitch) + 2)
      // Painted in a scrambled order, so that no side always lies on top.
      let order = (0..<columns * rows).sorted { (chance.bits($0, -1), $0) < (chance.bits($1, -1), $1) }
      for index in order {
        let (i, j) = (index % columns, index / columns)
        let x = (Double(i) + chance.hash(index, 1) - 0.5) * coat.pitch
        let y = (Double(j) + chance.hash(index, 2) - 0.5) * coat.pitch
        let length = coat.length * (0.7 + 0.6 * chance.hash(index, 3))
        stroke(index, x, y, coat.brush, length, chance, scale, aspect, &field, &relief)
      }
    }
    return lit(field, relief).image()
  }

  /// One stroke through (x, y): parallel bristles, each with a little more or less of the colour and of paint.
  private func stroke(
    _ index: Int, _ x: Double, _ y: Double, _ brush: Double, _ length: Double, _ chance: Noise, _ scale: Double,
    _ aspect: Double, _ field: inout LightField, _ relief: inout [Double]
  ) {
    let colour = colour(x, y, aspect)
    let vivid = 1 + 0.34 * (chance.hash(index, 4) - 0.5)
    let tint = Light(chance.hash(index, 5) - 0.5, chance.hash(index, 6) - 0.5, chance.hash(index, 7) - 0.5) * 0.09
    let radius = max(brush * scale / 2, 0.6)
    let bristles = max(2, Int(radius * 1.6))
    let step = max(0.5, radius * 0.25)
    let count = max(2, Int(length * scale / step))
    var (px, py) = (x, y)
    // Back along the flow by half the length, then forward while painting.
    for _ in 0..<count / 2 {
      let angle = flow(px, py, aspect)
      px -= cos(angle) * step / scale
      py -= sin(angle) * step / scale
    }
    for part in 0..<count {
      let angle = flow(px, py, aspect)
      let (cosine, sine) = (cos(angle), sin(angle))
      let along = Double(part) / Double(count - 1)
      let taper = min(1, 3.2 * along + 0.25) * min(1, 2.2 * (1 - along) + 0.12)
      for bristle in 0..<bristles {
        let across = (Double(bristle) + 0.5) / Double(bristles) * 2 - 1
        let load = chance.hash(index &* 64 &+ bristle, 8)
        // Bristles run dry one by one towards the end of the stroke.
        guard along < 0.62 + 0.5 * load else { continue }
        let place = (px * scale - sine * across * radius * taper, py * scale + cosine * across * radius * taper)
        let paint = (colour * (vivid + 0.26 * (load - 0.5)) + tint).clamped(lowerBound: .zero, upperBound: .one)
        let thickness = (0.35 + 0.65 * load) * (1 - across * across * 0.5) * taper
        dab(place.0, place.1, paint, thickness: thickness, &field, &relief)
      }
      px += cosine * step / scale
      py += sine * step / scale
    }
  }

  /// A touch of one bristle: the four pixels around the place, by overlap.
  private func dab(
    _ x: Double, _ y: Double, _ paint: Light, thickness: Double, _ field: inout LightField, _ relief: inout [Double]
  ) {
    let (left, top) = ((x - 0.5).rounded(.down), (y - 0.5).rounded(.down))
    guard left >= -1, top >= -1, left < Double(field.width), top < Double(field.height) else { return }
    let (u, v) = (x - 0.5 - left, y - 0.5 - top)
    for (dx, dy, part) in [(0, 0, (1 - u) * (1 - v)), (1, 0, u * (1 - v)), (0, 1, (1 - u) * v), (1, 1, u * v)] {
      let (column, row) = (Int(left) + dx, Int(top) + dy)
      guard column >= 0, row >= 0, column < field.width, row < field.height else { continue }
      let cover = min(1, part * 1.25)
      field[column, row] = field[column, row].mixed(paint, cover)
      relief[row * field.width + column] += (thickness - relief[row * field.width + column]) * cover
    }
  }

  /// Light from the upper left on the ridges of the paint.
  private func lit(_ field: LightField, _ relief: [Double]) -> LightField {
    var result = field
    let width = field.width
    for y in 0..<field.height {
      for x in 0..<width {
        let here = relief[y * width + x]
        let left = relief[y * width + max(0, x - 1)]
        let above = relief[max(0, y - 1) * width + x]
        let slope = min(max((here - left) * 0.6 + (here - above) * 0.8, -0.6), 0.6)
        result[x, y] = field[x, y] * (1 + 0.30 * slope) + Light(repeating: 0.05 * max(0, slope))
      }
    }
    return result
  }
}
