import TestSupport
import Testing

@testable import Kernels

@Suite struct WarpTests {
  static let warps = [
    Warp(input: Extent(6, 7), output: Extent(5, 8), a: 0.9, b: -0.4, c: 1.3, d: 0.35, e: 1.1, f: -0.7, border: 3),
    Warp(input: Extent(6, 7), output: Extent(6, 7), a: 1, b: 0, c: 0, d: 0, e: 1, f: 0, border: 3),
    Warp(input: Extent(6, 7), output: Extent(2, 2), a: 1e300, b: 0, c: 0, d: .nan, e: 0, f: 0, border: 3),
  ]

  static func reference(_ w: Warp, _ x: [Float]) -> [Double] {
    (0..<w.output.height * w.output.width).map { index in
      let (row, column) = (Double(index / w.output.width), Double(index % w.output.width))
      let u = w.matrix[0] * column + w.matrix[1] * row + w.matrix[2]
      let v = w.matrix[3] * column + w.matrix[4] * row + w.matrix[5]
      guard abs(u) < 100, abs(v) < 100 else { return Double(w.border) }
      var sum = 0.0
      for y in -110..<110 where abs(v - Double(y)) < 1 {
        for x1 in -110..<110 where abs(u - Double(x1)) < 1 {
          let inside = y >= 0 && x1 >= 0 && y < w.input.height && x1 < w.input.width
          let value = inside ? Double(x[y * w.input.width + x1]) : Double(w.border)
          sum += (1 - abs(u - Double(x1))) * (1 - abs(v - Double(y))) * value
        }
      }
      return sum
    }
  }

  @Test func planesAreSampledBilinearly() {
    var random = TestRandom(seed: 81)
    for warp in Self.warps {
      let x = random.floats(42)
      var y = [Float](repeating: .nan, count: warp.output.height * warp.output.width)
      warp.run(planes: 0..<1, x: x, y: &y)
      #expect(largestError(y, Self.reference(warp, x)) < 1e-5)
    }
  }

  @Test func bytesAreRounded() {
    let warp = Self.warps[0]
    let x = PillowResizeTests.picture(Extent(6, 7), channels: 3)
    var y = [UInt8](repeating: 0, count: 40 * 3)
    for row in 0..<5 { warp.run(rows: row..<row + 1, channels: 3, x: x, y: &y) }
    for channel in 0..<3 {
      let plane = stride(from: channel, to: x.count, by: 3).map { Float(x[$0]) }
      for (index, value) in Self.reference(warp, plane).enumerated() {
        #expect(abs(Double(y[index * 3 + channel]) - value) <= 0.501)
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func groupsOfPixelsAreSampledLikeSingleOnes(set: InstructionSet) {
    let warp = Warp(
      input: Extent(60, 70), output: Extent(50, 90), a: 0.8, b: -0.3, c: 5.25, d: 0.3, e: 0.8, f: -2.5, border: 9)
    for channels in 1...4 {
      let x = PillowResizeTests.picture(warp.input, channels: channels)
      var y = [UInt8](repeating: 0, count: 50 * 90 * channels)
      set.forced { warp.run(rows: 0..<50, channels: channels, x: x, y: &y) }
      for channel in 0..<channels {
        let plane = stride(from: channel, to: x.count, by: channels).map { Float(x[$0]) }
        for (index, value) in Self.reference(warp, plane).enumerated() {
          #expect(abs(Double(y[index * channels + channel]) - value) <= 0.505)
        }
      }
    }
  }

  /// Rows whose groups lie outside, half outside, and on the picture's last bytes.
  @Test(arguments: InstructionSet.supported) func nothingIsReadOutsideThePicture(set: InstructionSet) {
    for (shift, channels) in [(0.0, 3), (-40, 3), (-7.5, 4), (21, 1), (-500, 2), (500, 3)] {
      let warp = Warp(
        input: Extent(9, 50), output: Extent(9, 50), a: 1, b: 0, c: shift, d: 0, e: 1, f: 0, border: 7)
      let x = PillowResizeTests.picture(warp.input, channels: channels)
      var y = [UInt8](repeating: 99, count: x.count)
      set.forced { warp.run(rows: 0..<9, channels: channels, x: x, y: &y) }
      for (index, value) in y.enumerated() {
        let (place, channel) = (index / channels, index % channels)
        let u = Double(place % 50) + shift
        func sample(_ column: Double) -> Double {
          column >= 0 && column < 50 ? Double(x[(place / 50 * 50 + Int(column)) * channels + channel]) : 7
        }
        let (left, p) = (u.rounded(.down), u - u.rounded(.down))
        #expect(Double(value) == (sample(left) * (1 - p) + sample(left + 1) * p).rounded(.toNearestOrEven))
      }
    }
  }

  /// Digests from OpenCV 5's warpAffine by Tools/reference/warp_numbers.py.
  @Test(arguments: InstructionSet.supported) func bytesEqualOpenCV(set: InstructionSet) {
    let cases: [([Double], [UInt64])] = [
      ([0.8, -0.3, 5.25, 0.3, 0.8, -2.5], [0xf9c9_a8e6_008d_96d5, 0x3851_c6b9_94ce_a99e]),
      ([1.7, 0.2, -9.0, -0.4, 1.6, 3.125], [0x9f3f_dfb7_a4ca_71be, 0xb177_8509_f73b_f358]),
      ([0.31, 0.0, 0.1, 0.0, 0.31, 7.7], [0xe7c2_5ff5_15b7_3a34, 0x3744_1a0f_93aa_00c3]),
    ]
    for (m, digests) in cases {
      let warp = Warp(
        input: Extent(97, 83), output: Extent(56, 64), a: m[0], b: m[1], c: m[2], d: m[3], e: m[4], f: m[5])
      for (channels, digest) in zip([1, 3], digests) {
        let x = PillowResizeTests.picture(warp.input, channels: channels)
        var y = [UInt8](repeating: 0, count: 56 * 64 * channels)
        set.forced { for row in 0..<56 { warp.run(rows: row..<row + 1, channels: channels, x: x, y: &y) } }
        #expect(PillowResizeTests.digest(y) == digest, "\(m), \(channels) channels")
      }
    }
  }

  @Test func theGradientIsTheAdjoint() {
    var random = TestRandom(seed: 82)
    let warp = Warp(input: Extent(6, 7), output: Extent(5, 8), a: 0.9, b: -0.4, c: 1.3, d: 0.35, e: 1.1, f: -0.7)
    let (x, dy) = (random.floats(42), random.floats(40))
    var y = [Float](repeating: .nan, count: 40)
    var dx = [Float](repeating: .nan, count: 42)
    warp.run(planes: 0..<1, x: x, y: &y)
    warp.gradient(planes: 0..<1, dy: dy, dx: &dx)
    #expect(abs(Slab.dot(y, dy, count: 40) - Slab.dot(x, dx, count: 42)) < 1e-5)
  }
}
