import Images
import Glibc
import Language

/// What stands where in one made-up scene, and how its light is: drawn by counter, before anything is painted.
struct Scene {
  /// A picture laid over the scene through a soft mask.
  struct Patch {
    let path: String
    /// From the scene's pixels to the picture's.
    let map: Affine
    /// The mask's middle and half extents in the picture's pixels; beyond 1 it fades over `fade`.
    let box: Box
    let power: Double
    let fade: Double
    let tone: Tone
  }

  /// value · gain + offset + slopes · place, with places of -0.5...0.5.
  struct Tone {
    let gain, offset, slopeX, slopeY: Double
  }

  /// A face as the detector should report it, in the scene's pixels; points image left first.
  struct Target {
    let box: Box
    let points: [Point]

    var side: Double { (box.width * box.height).squareRoot() }
  }

  /// One part of the ground: a picture shown in a rectangle of the scene.
  struct Tile {
    let path: String
    let left, top, side: Int
    let map: Affine
    let tone: Tone
  }

  private(set) var tiles: [Tile] = []
  private(set) var patches: [Patch] = []
  private(set) var targets: [Target] = []
  private(set) var blurs = false
  private(set) var noise = 0.0

  init(_ settings: SceneSettings, _ sources: SceneSources, position: Int, seed: UInt64) throws(Fault) {
    var numbers = SceneNumbers(seed: seed, position: position)
    try addTiles(settings, sources, &numbers)
    let decoys = numbers.next(below: settings.decoys + 1)
    for _ in 0..<decoys { try addDecoy(settings, sources, &numbers) }
    let faces = numbers.next(below: settings.faces + 1)
    for _ in 0..<faces { addFace(settings, sources, &numbers) }
    blurs = numbers.next() < 0.3
    noise = numbers.next() < 0.5 ? numbers.next(0, 0.05) : 0
  }

  /// One picture behind everything, or four.
  private mutating func addTiles(
    _ settings: SceneSettings, _ sources: SceneSources, _ numbers: inout SceneNumbers
  ) throws(Fault) {
    let perSide = numbers.next() < 0.6 ? 1 : 2
    let side = settings.size / perSide
    for index in 0..<perSide * perSide {
      let path = sources.backgrounds[numbers.next(below: sources.backgrounds.count)]
      let picture = try sources.picture(path)
      let shorter = Double(min(picture.height, picture.width))
      let cut = numbers.nextSize(min(shorter, Double(side) / 2), shorter)
      let (x, y) = (numbers.next(0, Double(picture.width) - cut), numbers.next(0, Double(picture.height) - cut))
      let step = cut / Double(side)
      let (left, top) = (side * (index % perSide), side * (index / perSide))
      tiles.append(
        Tile(
          path: path, left: left, top: top, side: side,
          map: Affine(step, 0, x - step * Double(left), 0, step, y - step * Double(top)), tone: tone(&numbers)))
    }
  }

  /// A part of a picture without faces, masked as faces are, so that the mask gives nothing away.
  private mutating func addDecoy(
    _ settings: SceneSettings, _ sources: SceneSources, _ numbers: inout SceneNumbers
  ) throws(Fault) {
    let path = sources.backgrounds[numbers.next(below: sources.backgrounds.count)]
    let picture = try sources.picture(path)
    let height = numbers.next(0.3, 0.9) * Double(min(picture.height, picture.width))
    let width = height * numbers.next(0.7, 0.9)
    let left = numbers.next(0, Double(picture.width) - width)
    let top = numbers.next(0, Double(picture.height) - height)
    let box = Box(x1: left, y1: top, x2: left + width, y2: top + height)
    guard let placed = place(box, settings, &numbers) else { return }
    patches.append(patch(path, placed.map, box, &numbers))
  }

  private mutating func addFace(
    _ settings: SceneSettings, _ sources: SceneSources, _ numbers: inout SceneNumbers
  ) {
    let portrait = sources.portraits[numbers.next(below: sources.portraits.count)]
    guard let placed = place(portrait.box, settings, &numbers), let forward = placed.map.inverse else { return }
    let points = portrait.points.map { forward($0) }
    let isFlipped = placed.map.a * placed.map.e - placed.map.b * placed.map.d < 0
    let (centre, scale) = (forward(portrait.box.centre), forward.scale)
    let (width, height) = (portrait.box.width * scale, portrait.box.height * scale)
    targets.append(
      Target(
        box: Box(
          x1: centre.x - width / 2, y1: centre.y - height / 2, x2: centre.x + width / 2, y2: centre.y + height / 2),
        points: isFlipped ? [1, 0, 2, 4, 3].map { points[$0] } : points))
    patches.append(patch(portrait.path, placed.map, portrait.box, &numbers))
  }

  /// A place for a box of a picture that covers no face: turned by up to 25°, mirrored half of the time, its middle in
  /// the scene. The map leads from the scene to the picture.
  private func place(
    _ box: Box, _ settings: SceneSettings, _ numbers: inout SceneNumbers
  ) -> (map: Affine, side: Double)? {
    let side = numbers.nextSize(settings.smallest, settings.largest)
    let step = (box.width * box.height).squareRoot() / side
    let angle = (numbers.next() + numbers.next() - 1) * 25 * .pi / 180
    let mirror = numbers.next() < 0.5 ? -1.0 : 1
    let margin = min(0.35 * side, Double(settings.size) / 2)
    for _ in 0..<6 {
      let x = numbers.next(margin, Double(settings.size) - margin)
      let y = numbers.next(margin, Double(settings.size) - margin)
      let isFree = targets.allSatisfy { target in
        let reach = 0.6 * (target.side + side)
        return abs(target.box.centre.x - x) > reach || abs(target.box.centre.y - y) > reach
      }
      guard isFree else { continue }
      let (a, b) = (mirror * step * cos(angle), mirror * step * sin(angle))
      let (d, e) = (-step * sin(angle), step * cos(angle))
      let centre = box.centre
      return (Affine(a, b, centre.x - a * x - b * y, d, e, centre.y - d * x - e * y), side)
    }
    return nil
  }

  private func patch(_ path: String, _ map: Affine, _ box: Box, _ numbers: inout SceneNumbers) -> Patch {
    let (wide, high) = (numbers.next(1, 1.7) * box.width / 2, numbers.next(1.05, 1.7) * box.height / 2)
    let centre = box.centre
    return Patch(
      path: path, map: map,
      box: Box(x1: centre.x - wide, y1: centre.y - high, x2: centre.x + wide, y2: centre.y + high),
      power: numbers.next() < 0.6 ? 2 : 5, fade: numbers.next(0.08, 0.5), tone: tone(&numbers))
  }

  private func tone(_ numbers: inout SceneNumbers) -> Tone {
    let gain = numbers.nextSize(0.5, 1.4)
    let slope = numbers.next() < 0.5 ? 0.0 : 0.4
    return Tone(
      gain: gain, offset: numbers.next(-0.15, 0.2) + (1 - gain) * 0.4, slopeX: numbers.next(-slope, slope),
      slopeY: numbers.next(-slope, slope))
  }
}
