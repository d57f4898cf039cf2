import TestSupport
import Testing

@testable import Kernels

@Suite struct ResizePlaneTests {
  /// One axis by the textbook: sample the clamped input with the filter at the mapped position.
  static func reference(_ x: [Double], output: Int, coordinates: ResizeTable.Coordinates, cubic: Double?) -> [Double] {
    (0..<output).map { i in
      let position =
        switch coordinates {
        case .alignCorners: output > 1 ? Double(i * (x.count - 1)) / Double(output - 1) : 0
        case .asymmetric: Double(i) * Double(x.count) / Double(output)
        default: (Double(i) + 0.5) * Double(x.count) / Double(output) - 0.5
        }
      var sum = 0.0
      for p in -9..<x.count + 9 {
        let t = abs(position - Double(p))
        var weight = max(0, 1 - t)
        if let a = cubic {
          weight = t < 1 ? (a + 2) * t * t * t - (a + 3) * t * t + 1 : a * (t * t * t - 5 * t * t + 8 * t - 4)
          if t >= 2 { weight = 0 }
        }
        sum += weight * x[min(max(p, 0), x.count - 1)]
      }
      return sum
    }
  }

  @Test func filtersFollowTheTextbook() {
    var random = TestRandom(seed: 71)
    for (input, output) in [(1, 4), (5, 5), (7, 3), (4, 11), (9, 1)] {
      let x = random.floats(input)
      for coordinates in [ResizeTable.Coordinates.halfPixel, .alignCorners, .asymmetric] {
        for (filter, cubic) in [(ResizeTable.Filter.bilinear, nil as Double?), (.bicubic, -0.75), (.catmullRom, -0.5)] {
          let columns = ResizeTable(input: input, output: output, filter: filter, coordinates: coordinates)
          let rows = ResizeTable(input: 1, output: 1, filter: filter, coordinates: coordinates)
          #expect(rows.isIdentity)
          let resize = ResizePlane(rows: rows, columns: columns)
          var y = [Float](repeating: .nan, count: output)
          GemmTests.withScratch(resize.scratchBytes) { resize.run(planes: 0..<1, x: x, y: &y, scratch: $0) }
          let expected = Self.reference(x.map(Double.init), output: output, coordinates: coordinates, cubic: cubic)
          #expect(largestError(y, expected) < 1e-6, "\(filter) \(coordinates) \(input) \(output)")
        }
      }
    }
  }

  @Test func nearestPicksByConvention() {
    func places(_ input: Int, _ output: Int, _ coordinates: ResizeTable.Coordinates) -> [Int32] {
      ResizeTable(input: input, output: output, filter: .nearest, coordinates: coordinates).starts
    }
    #expect(places(4, 6, .asymmetric) == [0, 0, 1, 2, 2, 3])
    #expect(places(4, 2, .halfPixel) == [0, 2])
    #expect(places(3, 6, .halfPixel) == [0, 0, 1, 1, 2, 2])
    #expect(places(5, 3, .alignCorners) == [0, 2, 4])
  }

  @Test func antialiasingKeepsTheMean() {
    for filter in [ResizeTable.Filter.box, .bilinear, .hamming, .catmullRom, .lanczos] {
      let table = ResizeTable(input: 30, output: 7, filter: filter, coordinates: .antialiased)
      for i in 0..<7 {
        #expect(abs(table.weights[i * table.taps..<(i + 1) * table.taps].reduce(0, +) - 1) < 1e-12)
      }
      #expect(table.counts[3] >= 4)
    }
  }

  @Test func theTransposedTableIsTheAdjoint() {
    var random = TestRandom(seed: 72)
    for filter in ResizeTable.Filter.allCases {
      for coordinates in ResizeTable.Coordinates.allCases {
        for (input, output) in [(Extent(5, 8), Extent(9, 3)), (Extent(1, 4), Extent(3, 1))] {
          let resize = ResizePlane(
            rows: ResizeTable(input: input.height, output: output.height, filter: filter, coordinates: coordinates),
            columns: ResizeTable(input: input.width, output: output.width, filter: filter, coordinates: coordinates))
          let back = resize.transposed
          let x = random.floats(2 * input.height * input.width)
          let dy = random.floats(2 * output.height * output.width)
          var y = [Float](repeating: .nan, count: dy.count)
          var dx = [Float](repeating: .nan, count: x.count)
          GemmTests.withScratch(max(resize.scratchBytes, back.scratchBytes)) {
            resize.run(planes: 0..<2, x: x, y: &y, scratch: $0)
            back.run(planes: 0..<2, x: dy, y: &dx, scratch: $0)
          }
          #expect(abs(Slab.dot(y, dy, count: y.count) - Slab.dot(x, dx, count: x.count)) < 1e-5)
        }
      }
    }
  }
}
