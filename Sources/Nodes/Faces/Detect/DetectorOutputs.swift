import Language
import Tensors

/// The outputs of a detection network, sorted by what they are: rows of 1 or 2 are scores, rows of 4 boxes, longer rows
/// of even length points. Each kind comes in one piece or in one per level, finest first.
struct DetectorOutputs {
  /// Per level; with `product` scores the second half follows in `objectness`.
  var scores: [Rows] = []
  var boxes: [Rows] = []
  var points: [Rows] = []
  private let shapes: [String]

  struct Rows {
    let width: Int
    let count: Int
    let numbers: Tensor
  }

  init(_ tensors: [Tensor]) throws(Fault) {
    shapes = tensors.map { "\($0.shape)" }
    for tensor in tensors {
      guard tensor.dtype == .f32, let width = tensor.shape.last, width > 0 else { throw .signature(shapes) }
      let rows = Rows(width: width, count: tensor.count / width, numbers: tensor)
      switch width {
      case 1, 2: scores.append(rows)
      case 4: boxes.append(rows)
      case let width where width > 4 && width % 2 == 0: points.append(rows)
      default: throw .signature(shapes)
      }
    }
    guard !boxes.isEmpty, !scores.isEmpty else { throw .signature(shapes) }
    for rows in [scores, boxes, points] where !rows.isEmpty && rows.contains(where: { $0.width != rows[0].width }) {
      throw .signature(shapes)
    }
  }

  /// How many pieces the boxes come in.
  var levels: Int { boxes.count }

  /// The family that these outputs look like.
  func preset() throws(Fault) -> DetectorPreset {
    switch (scores[0].width, scores.count, boxes.count, points.count) {
    case (2, 1, 1, 1): .retinaface
    case (2, 1, 1, 0): .ultraface
    case (1, 3, 3, 0), (1, 3, 3, 3): .scrfd
    case (1, 5, 5, 0), (1, 5, 5, 5): .scrfd5
    case (1, 6, 3, 0), (1, 6, 3, 3): .yunet
    default: throw .signature(shapes)
    }
  }

  /// All rows in order of the levels. Scores are of the face alone.
  func joined(_ preset: DetectorPreset, kind: String) throws(Fault) -> (
    scores: [Float], boxes: [Float], points: [Float]
  ) {
    func sorted(_ rows: some Sequence<Rows>) -> [Float] {
      // The finest level has the most rows; equal ones keep their order.
      let order = rows.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      var all: [Float] = []
      all.reserveCapacity(order.reduce(0) { $0 + $1.element.numbers.count })
      for rows in order { rows.element.numbers.withElements(Float.self) { all.append(contentsOf: $0) } }
      return all
    }
    let all: [Float]
    switch preset.scores {
    case .single:
      guard scores[0].width == 1 else { throw .outputKind(kind, "scores of one number", shapes) }
      all = sorted(scores)
    case .background:
      guard scores[0].width == 2 else { throw .outputKind(kind, "scores of background and face", shapes) }
      let pairs = sorted(scores)
      all = stride(from: 1, to: pairs.count, by: 2).map { pairs[$0] }
    case .product:
      guard scores[0].width == 1, scores.count == 2 * boxes.count else {
        throw .outputKind(kind, "two scores per box", shapes)
      }
      let half = scores.count / 2
      func unit(_ value: Float) -> Float { min(max(value, 0), 1) }
      all = zip(sorted(scores[..<half]), sorted(scores[half...])).map { (unit($0) * unit($1)).squareRoot() }
    }
    let (boxes, points) = (sorted(boxes), sorted(points))
    guard boxes.count == 4 * all.count else { throw .outputKind(kind, "a box for each score", shapes) }
    let width = self.points.first?.width ?? 0
    guard points.count == width * all.count else { throw .outputKind(kind, "points for each box", shapes) }
    return (all, boxes, points)
  }
}
