import Kernels
import Models
import Tensors

/// A cascade laid out for scanning: flat tables, corners as offsets into the integral image of one width.
final class CascadeScan {
  private struct Part {
    var corners: (Int, Int, Int, Int)
    var weight: Float
  }

  private struct Feature {
    let parts: Range<Int>
    let isTilted: Bool
  }

  private struct Tree {
    let node: Int
    let leaf: Int
  }

  private let cascade: HaarCascade
  private var features: [Feature] = []
  private var parts: [Part] = []
  private var nodes: [HaarCascade.Node] = []
  private var leaves: [Float] = []
  private var trees: [Tree] = []
  private var stages: [(trees: Range<Int>, threshold: Float)] = []
  private let hasTilted: Bool

  init(_ cascade: HaarCascade) {
    self.cascade = cascade
    hasTilted = cascade.features.contains(where: \.isTilted)
    for feature in cascade.features {
      let first = parts.count
      parts += feature.rectangles.map { Part(corners: (0, 0, 0, 0), weight: $0.weight) }
      features.append(Feature(parts: first..<parts.count, isTilted: feature.isTilted))
    }
    for stage in cascade.stages {
      let first = trees.count
      for tree in stage.trees {
        trees.append(Tree(node: nodes.count, leaf: leaves.count))
        nodes += tree.nodes
        leaves += tree.leaves
      }
      stages.append((first..<trees.count, stage.threshold))
    }
  }

  /// The window at one scale: places in the scaled picture where every stage passes, in order of rows.
  /// After a place that fails the first stage the next one is passed over.
  func windows(_ grey: UnsafePointer<UInt8>, height: Int, width: Int, step: Int) -> [(x: Int, y: Int)] {
    let line = width + 1
    place(line)
    let count = (height + 1) * line
    let sums = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    let squares = UnsafeMutablePointer<Int64>.allocate(capacity: count)
    let tilted = UnsafeMutablePointer<Int32>.allocate(capacity: hasTilted ? count : 1)
    defer {
      sums.deallocate()
      squares.deallocate()
      tilted.deallocate()
    }
    IntegralImage.run(height: height, width: width, x: grey, sums: sums, squares: squares)
    if hasTilted { IntegralImage.tilted(height: height, width: width, x: grey, sums: tilted) }
    let (w, h) = (cascade.width, cascade.height)
    // Brightness is judged without the outermost pixels.
    let inner = (line + 1, line + 1 + w - 2, (h - 1) * line + 1, (h - 1) * line + 1 + w - 2)
    let area = Double((w - 2) * (h - 2))
    var found: [(x: Int, y: Int)] = []
    for y in stride(from: 0, through: height - h, by: step) {
      var x = 0
      while x <= width - w {
        let at = y * line + x
        let (a, b, c, d) = (at + inner.0, at + inner.1, at + inner.2, at + inner.3)
        let sum = Double(sums[a] &- sums[b] &- sums[c] &+ sums[d])
        let spread = area * Double(squares[a] - squares[b] - squares[c] + squares[d]) - sum * sum
        let factor = spread > 0 ? Float(1 / spread.squareRoot()) : 1
        // Places whose grey levels vary by less than 10 hold nothing.
        if spread > 0, Float(area) * factor < 0.1 {
          let stage = stage(sums + at, tilted + (hasTilted ? at : 0), factor)
          if stage == stages.count { found.append((x, y)) }
          if stage == 0 { x += step }
        }
        x += step
      }
    }
    return found
  }

  /// The first stage that fails; the number of stages where none does.
  private func stage(_ sums: UnsafePointer<Int32>, _ tilted: UnsafePointer<Int32>, _ factor: Float) -> Int {
    for (number, stage) in stages.enumerated() {
      var total = 0.0
      for index in stage.trees {
        let tree = trees[index]
        var branch = 0
        repeat {
          let node = nodes[tree.node + branch]
          let feature = features[node.feature]
          let table = feature.isTilted ? tilted : sums
          var value: Float = 0
          for part in feature.parts {
            let (a, b, c, d) = parts[part].corners
            value += parts[part].weight * Float(table[a] &- table[b] &- table[c] &+ table[d])
          }
          branch = value * factor < node.threshold ? node.left : node.right
        } while branch > 0
        total += Double(leaves[tree.leaf - branch])
      }
      if total < Double(stage.threshold) { return number }
    }
    return stages.count
  }

  private func place(_ line: Int) {
    for (feature, source) in zip(features, cascade.features) {
      for (part, r) in zip(feature.parts, source.rectangles) {
        func at(_ x: Int, _ y: Int) -> Int { y * line + x }
        let (x, y, w, h) = (r.x, r.y, r.width, r.height)
        parts[part].corners =
          source.isTilted
          ? (at(x, y), at(x - h, y + h), at(x + w, y + w), at(x + w - h, y + w + h))
          : (at(x, y), at(x + w, y), at(x, y + h), at(x + w, y + h))
      }
    }
  }
}
