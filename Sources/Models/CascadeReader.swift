import Language

/// Reads the two forms of a cascade.
struct CascadeReader {
  let path: String

  /// opencv_traincascade: features in one list, trees that point into it.
  func current(_ cascade: XMLTree) throws(Fault) -> HaarCascade {
    if let type = cascade.child("featureType")?.text, type != "HAAR" {
      throw .badCascade(path, cascade.line, "its features are \(type); only HAAR is known")
    }
    var features: [HaarCascade.Feature] = []
    for item in try need("features", cascade).children { features.append(try feature(item)) }
    var stages: [HaarCascade.Stage] = []
    for item in try need("stages", cascade).children {
      let threshold = try number(try need("stageThreshold", item))
      var trees: [HaarCascade.Tree] = []
      for tree in try need("weakClassifiers", item).children {
        let (inner, leaves) = (try need("internalNodes", tree), try need("leafValues", tree))
        let numbers = try numbers(inner)
        guard numbers.count % 4 == 0, !numbers.isEmpty else { throw .badCascade(path, inner.line, fours) }
        var nodes: [HaarCascade.Node] = []
        for start in stride(from: 0, to: numbers.count, by: 4) {
          nodes.append(
            HaarCascade.Node(
              feature: try whole(numbers[start + 2], inner), threshold: Float(numbers[start + 3]),
              left: try whole(numbers[start], inner), right: try whole(numbers[start + 1], inner)))
        }
        trees.append(HaarCascade.Tree(nodes: nodes, leaves: try self.numbers(leaves).map { Float($0) }))
      }
      stages.append(HaarCascade.Stage(threshold: Float(threshold) - HaarCascade.slack, trees: trees))
    }
    let (width, height) = (try need("width", cascade), try need("height", cascade))
    return HaarCascade(
      width: try whole(try number(width), width), height: try whole(try number(height), height), features: features,
      stages: stages)
  }

  /// opencv_haartraining: every node holds its own feature.
  func old(_ cascade: XMLTree) throws(Fault) -> HaarCascade {
    let size = try need("size", cascade)
    let sides = try numbers(size)
    guard sides.count == 2 else { throw .badCascade(path, size.line, "<size> holds two numbers") }
    var features: [HaarCascade.Feature] = []
    var stages: [HaarCascade.Stage] = []
    for item in try need("stages", cascade).children {
      var trees: [HaarCascade.Tree] = []
      for tree in try need("trees", item).children {
        var (nodes, leaves): ([HaarCascade.Node], [Float]) = ([], [])
        for node in tree.children {
          func branch(_ side: String) throws(Fault) -> Int {
            if let value = node.child("\(side)_val") {
              leaves.append(Float(try number(value)))
              return 1 - leaves.count
            }
            let next = try need("\(side)_node", node)
            let place = try whole(try number(next), next)
            guard place > 0 else { throw .badCascade(path, next.line, "a branch leads back to node \(place)") }
            return place
          }
          let threshold = try number(try need("threshold", node))
          nodes.append(
            HaarCascade.Node(
              feature: features.count, threshold: Float(threshold), left: try branch("left"),
              right: try branch("right")))
          features.append(try feature(try need("feature", node)))
        }
        trees.append(HaarCascade.Tree(nodes: nodes, leaves: leaves))
      }
      let threshold = try need("stage_threshold", item)
      stages.append(
        HaarCascade.Stage(threshold: Float(try number(threshold)) - HaarCascade.slack, trees: trees))
    }
    return HaarCascade(
      width: try whole(sides[0], size), height: try whole(sides[1], size), features: features, stages: stages)
  }

  private let fours = "<internalNodes> holds fours of left, right, feature and threshold"

  private func feature(_ item: XMLTree) throws(Fault) -> HaarCascade.Feature {
    var rectangles: [HaarCascade.Rectangle] = []
    for rect in try need("rects", item).children {
      let numbers = try numbers(rect)
      guard numbers.count == 5 else {
        throw .badCascade(path, rect.line, "a rectangle holds x, y, width, height and weight")
      }
      rectangles.append(
        HaarCascade.Rectangle(
          x: try whole(numbers[0], rect), y: try whole(numbers[1], rect), width: try whole(numbers[2], rect),
          height: try whole(numbers[3], rect), weight: Float(numbers[4])))
    }
    let tilted = try item.child("tilted").map { child throws(Fault) in try number(child) } ?? 0
    return HaarCascade.Feature(rectangles: rectangles, isTilted: tilted != 0)
  }

  private func need(_ name: String, _ element: XMLTree) throws(Fault) -> XMLTree {
    guard let child = element.child(name) else {
      throw .badCascade(path, element.line, "<\(element.name)> lacks <\(name)>")
    }
    return child
  }

  private func numbers(_ element: XMLTree) throws(Fault) -> [Double] {
    guard let numbers = element.numbers else {
      throw .badCascade(path, element.line, "<\(element.name)> holds something that is no number")
    }
    return numbers
  }

  private func number(_ element: XMLTree) throws(Fault) -> Double {
    let numbers = try numbers(element)
    guard numbers.count == 1 else { throw .badCascade(path, element.line, "<\(element.name)> holds one number") }
    return numbers[0]
  }

  private func whole(_ value: Double, _ element: XMLTree) throws(Fault) -> Int {
    guard value == value.rounded(), abs(value) < 1e9 else {
      throw .badCascade(path, element.line, "<\(element.name)> holds \(value) where a whole number is needed")
    }
    return Int(value)
  }
}
