import Language

/// A cascade of boosted trees over Haar-like features (P. Viola and M. Jones, "Robust real-time face detection", IJCV 57,
/// 2004), as OpenCV's XML files hold it: the format of opencv_traincascade and the older one of opencv_haartraining.
public struct HaarCascade: Sendable, Equatable {
  public struct Rectangle: Sendable, Equatable {
    public var x, y, width, height: Int
    public var weight: Float
  }

  /// Weighted sums over two or three rectangles; tilted ones stand on a corner, turned by 45°.
  public struct Feature: Sendable, Equatable {
    public var rectangles: [Rectangle]
    public var isTilted: Bool
  }

  /// Values below the threshold go left. A branch above 0 is a node of the tree, else minus the number of its leaf.
  public struct Node: Sendable, Equatable {
    public var feature: Int
    public var threshold: Float
    public var left, right: Int
  }

  public struct Tree: Sendable, Equatable {
    public var nodes: [Node]
    public var leaves: [Float]
  }

  public struct Stage: Sendable, Equatable {
    public var threshold: Float
    public var trees: [Tree]
  }

  /// Size of the window that the features are written in.
  public var width, height: Int
  public var features: [Feature]
  public var stages: [Stage]

  /// OpenCV lowers every stage's threshold by this much against rounding (cascadedetect.cpp, THRESHOLD_EPS).
  static let slack: Float = 1e-5

  public init(width: Int, height: Int, features: [Feature], stages: [Stage]) {
    (self.width, self.height, self.features, self.stages) = (width, height, features, stages)
  }

  /// - Parameter path: for messages.
  public init(_ bytes: UnsafeRawBufferPointer, path: String) throws(Fault) {
    let root = try XMLTree.parse(bytes, path: path)
    guard root.name == "opencv_storage", let cascade = root.children.first(where: { $0.attributes["type_id"] != nil })
    else {
      throw .badCascade(path, root.line, "it is no cascade of OpenCV: <opencv_storage> with a type_id is missing")
    }
    switch cascade.attributes["type_id"] {
    case "opencv-cascade-classifier": self = try CascadeReader(path: path).current(cascade)
    case "opencv-haar-classifier": self = try CascadeReader(path: path).old(cascade)
    case let other:
      throw .badCascade(
        path, cascade.line, "\"\(other ?? "")\" is none of opencv-cascade-classifier, opencv-haar-classifier")
    }
    try check(path)
  }

  /// What the evaluation relies on: every feature lies in the window, every branch leads on.
  private func check(_ path: String) throws(Fault) {
    guard (3...1000).contains(width), (3...1000).contains(height) else {
      throw .badCascade(path, nil, "the window is \(width) × \(height); sides of 3 to 1000 pixels are known")
    }
    guard !stages.isEmpty else { throw .badCascade(path, nil, "it has no stages") }
    for (index, feature) in features.enumerated() {
      guard (1...3).contains(feature.rectangles.count) else {
        throw .badCascade(path, nil, "feature \(index) has \(feature.rectangles.count) rectangles; 1 to 3 are known")
      }
      for part in feature.rectangles {
        let isInside =
          feature.isTilted
          ? part.x - part.height >= 0 && part.x + part.width <= width && part.y + part.width + part.height <= height
          : part.x + part.width <= width && part.y + part.height <= height
        guard part.x >= 0, part.y >= 0, part.width > 0, part.height > 0, isInside else {
          throw .badCascade(path, nil, "feature \(index) reaches out of the window of \(width) × \(height)")
        }
      }
    }
    for (number, stage) in stages.enumerated() {
      for tree in stage.trees {
        guard !tree.nodes.isEmpty else { throw .badCascade(path, nil, "stage \(number) has a tree without nodes") }
        for (index, node) in tree.nodes.enumerated() {
          guard features.indices.contains(node.feature) else {
            throw .badCascade(path, nil, "stage \(number) asks for feature \(node.feature) of \(features.count)")
          }
          for branch in [node.left, node.right] {
            guard branch > 0 ? branch > index && branch < tree.nodes.count : -branch < tree.leaves.count else {
              throw .badCascade(path, nil, "stage \(number) has a branch to \(branch), which leads nowhere")
            }
          }
        }
      }
    }
  }
}
