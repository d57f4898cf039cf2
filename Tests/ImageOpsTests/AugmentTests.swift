import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import ImageOps

/// What all augmentations share, and what each does.
@Suite struct AugmentTests {
  static let ops = [AugmentFlip.op, AugmentShift.op, AugmentAffine.op, AugmentColour.op, AugmentCutout.op]
  static let shape = [40, 3, 6, 8]

  static let x: Tensor = {
    var random = TestRandom(seed: 3)
    return Tensor(shape: shape, random.floats(shape.reduce(1, *), in: 1...2))
  }()

  func run(
    _ op: Op, _ attributes: [String: Literal] = [:], seed: UInt64 = 1, step: UInt64 = 0, position: String = "a",
    x: Tensor = AugmentTests.x
  ) throws -> [Float] {
    var emitter = Emitter(registry: Registry(AugmentTests.ops))
    let input = emitter.input(.f32(x.shape.map { Dim($0) }))
    let (filled, faults) = op.attributes(attributes)
    if let fault = faults.first { throw fault }
    emitter.setOutputs(try emitter.emit(op, [[input]], filled, position: Digest(of: position)))
    return try Compiler(registry: emitter.registry).compile(emitter.region, Demand())
      .run([x], RunContext(seed: seed, step: step))[0].elements(Float.self)
  }

  /// One plane of one picture.
  func plane(_ values: [Float], _ image: Int, _ channel: Int) -> [Float] {
    let start = (image * 3 + channel) * 48
    return Array(values[start..<start + 48])
  }

  @Test(arguments: ops.map(\.name)) func `numbers depend on seed, step and place alone`(name: String) throws {
    let op = AugmentTests.ops.first { $0.name == name }!
    let y = try run(op)
    #expect(try run(op) == y)
    #expect(try run(op, seed: 2) != y)
    #expect(try run(op, step: 1) != y)
    #expect(try run(op, position: "b") != y)
    // A picture's numbers do not depend on how many there are.
    let few = Tensor(shape: [5, 3, 6, 8], Array(AugmentTests.x.elements(Float.self).prefix(5 * 144)))
    #expect(try run(op, x: few) == Array(y.prefix(5 * 144)))
  }

  @Test func `about half of the pictures are mirrored`() throws {
    let (x, y) = (AugmentTests.x.elements(Float.self), try run(AugmentFlip.op))
    var mirrored = 0
    for image in 0..<40 {
      for channel in 0..<3 {
        let (before, after) = (plane(x, image, channel), plane(y, image, channel))
        let turned = (0..<6).flatMap { Array(before[$0 * 8..<$0 * 8 + 8].reversed()) }
        #expect(after == before || after == turned)
        if channel == 0, after == turned { mirrored += 1 }
      }
    }
    #expect((12...28).contains(mirrored))
    #expect(try run(AugmentFlip.op, ["probability": 0]) == x)
  }

  @Test func `shifts move whole pictures and fill by channel`() throws {
    let (x, y) = (
      AugmentTests.x.elements(Float.self),
      try run(AugmentShift.op, ["pixels": 2, "fill": [-1, -2, -3]])
    )
    var moves = Set<[Int]>()
    for image in 0..<40 {
      let found = (-2...2).flatMap { down in (-2...2).map { [down, $0] } }.filter { move in
        (0..<3).allSatisfy { channel in
          let (before, after) = (plane(x, image, channel), plane(y, image, channel))
          return (0..<48).allSatisfy { place in
            let (row, column) = (place / 8 - move[0], place % 8 - move[1])
            let isInside = row >= 0 && row < 6 && column >= 0 && column < 8
            return after[place] == (isInside ? before[row * 8 + column] : -Float(channel + 1))
          }
        }
      }
      #expect(found.count == 1)
      moves.formUnion(found)
    }
    #expect(moves.count > 12)
  }

  @Test func `a turn and a scale of nothing change nothing, a half turn turns over`() throws {
    let x = AugmentTests.x.elements(Float.self)
    let same = try run(AugmentAffine.op, ["degrees": 0, "scale": [1, 1]])
    #expect(zip(same, x).allSatisfy { abs($0 - $1) < 1e-6 })
    let half = try run(AugmentAffine.op, ["degrees": 0, "scale": [2, 2]])
    // The centre of a doubled picture is its own centre.
    let (before, after) = (plane(x, 0, 0), plane(half, 0, 0))
    let middle = [19, 20, 27, 28].map { before[$0] }.reduce(0, +) / 4
    let found = [19, 20, 27, 28].map { after[$0] }.reduce(0, +) / 4
    #expect(abs(middle - found) < 1e-5)
    #expect(throws: Fault.self) { try run(AugmentAffine.op, ["scale": [2, 1]]) }
  }

  @Test func `colour factors of one change nothing; brightness multiplies`() throws {
    let x = AugmentTests.x.elements(Float.self)
    let none: [String: Literal] = ["brightness": 0, "contrast": 0, "saturation": 0]
    #expect(zip(try run(AugmentColour.op, none), x).allSatisfy { abs($0 - $1) < 1e-5 })
    let bright = try run(AugmentColour.op, ["brightness": 0.5, "contrast": 0, "saturation": 0])
    for image in 0..<40 {
      let ratios = zip(plane(bright, image, 1), plane(x, image, 1)).map { $0 / $1 }
      #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 1e-4 && (0.5...1.5).contains($0) })
    }
    let grey = try run(AugmentColour.op, ["brightness": 0, "contrast": 0, "saturation": 1])
    #expect(grey != x)
  }

  @Test func `cutout fills one square`() throws {
    let y = try run(AugmentCutout.op, ["size": 3, "fill": 0])
    for image in 0..<40 {
      let holes = plane(y, image, 2).indices.filter { plane(y, image, 2)[$0] == 0 }
      #expect((1...9).contains(holes.count))
      let (rows, columns) = (Set(holes.map { $0 / 8 }), Set(holes.map { $0 % 8 }))
      #expect(rows.count * columns.count == holes.count)
    }
  }
}
