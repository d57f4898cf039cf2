import Images
import Language
import Tensors

/// Of faces that overlap, keeps the surest.
public enum Suppression {
  public static let op = Op(
    "face.nms",
    doc: """
      Non-maximum suppression: faces by falling score, without those that overlap a surer one by more than iou. \
      Candidates of several networks or sizes are judged together. The conventions differ in what a pixel is: plain \
      takes boxes as they are; legacy counts both edge pixels (one more per side), as InsightFace and MTCNN do; integer \
      cuts x, y, width and height to whole numbers first, as OpenCV's FaceDetectorYN does.
      """,
    inputs: [
      Port(
        "candidates", "any", .one,
        "Rows of x1, y1, x2, y2, score and points, as face.decode gives them, or faces, or lists of either.")
    ],
    outputs: [Port("faces", "list<face>")],
    params: [
      Param("iou", .number(.unit), default: .float(0.4), "the greatest overlap of two faces that are both kept"),
      Param(
        "convention", .choice(Convention.allCases.map(\.rawValue)), default: .string("plain"), "how areas are counted"),
      Param(
        "overlap", .choice(["union", "minimum"]), default: .string("union"),
        "what the common area is divided by: the area of both, or of the smaller one"),
      Param("top_k", .int(.positive), default: .int(5000), "how many of the surest are looked at"),
      Param("limit", .int(.positive), default: .null, "how many are kept at most"),
    ],
    infer: { _ throws(Fault) in [.list(.named("face"))] },
    action: .host(
      Host { call throws(Fault) in
        var faces: [Face] = []
        try collect(call.value("candidates") ?? .none, &faces)
        let attributes = call.attributes
        let kept = suppressed(
          faces, iou: attributes.number("iou"), Convention(rawValue: attributes.string("convention"))!,
          byMinimum: attributes.string("overlap") == "minimum", topK: attributes.int("top_k"),
          limit: attributes.has("limit") ? attributes.int("limit") : .max)
        return [.list(kept.map(\.value))]
      }))

  enum Convention: String, CaseIterable { case plain, legacy, integer }

  /// Greedy; of equal scores the earlier comes first.
  static func suppressed(
    _ faces: [Face], iou: Double, _ convention: Convention, byMinimum: Bool = false, topK: Int = .max,
    limit: Int = .max
  ) -> [Face] {
    let sorted = faces.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
      .prefix(topK).map(\.element)
    let boxes = sorted.map { convention == .integer ? $0.box.truncated : $0.box }
    let extra: Double = convention == .legacy ? 1 : 0
    var isDropped = [Bool](repeating: false, count: sorted.count)
    var kept: [Face] = []
    for first in sorted.indices where !isDropped[first] {
      kept.append(sorted[first])
      if kept.count >= limit { break }
      for second in first + 1..<max(first + 1, sorted.count) where !isDropped[second] {
        if boxes[first].overlap(boxes[second], extra: extra, byMinimum: byMinimum) > iou { isDropped[second] = true }
      }
    }
    return kept
  }

  private static func collect(_ value: Value, _ faces: inout [Face]) throws(Fault) {
    switch value {
    case .list(let items): for item in items { try collect(item, &faces) }
    case .record: faces.append(try Face(value, "candidates"))
    case .tensor(let tensor):
      guard tensor.rank == 2, tensor.shape[1] >= 5, tensor.shape[1] % 2 == 1 else {
        throw .wrongValue("candidates", "tensor of rows of x1, y1, x2, y2, score and points", value)
      }
      let (numbers, width) = (tensor.numbers, tensor.shape[1])
      for start in stride(from: 0, to: numbers.count, by: width) {
        faces.append(
          Face(
            box: Box(x1: numbers[start], y1: numbers[start + 1], x2: numbers[start + 2], y2: numbers[start + 3]),
            score: numbers[start + 4],
            points: stride(from: start + 5, to: start + width, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) }))
      }
    default: throw .wrongValue("candidates", "list of faces or candidates", value)
    }
  }
}

extension Box {
  /// x, y, width and height without what stands after the point.
  var truncated: Box {
    let (x, y) = (x1.rounded(.towardZero), y1.rounded(.towardZero))
    return Box(x1: x, y1: y, x2: x + width.rounded(.towardZero), y2: y + height.rounded(.towardZero))
  }

  /// The common area as a share of the area of both, or of the smaller one; 0 where there is none.
  func overlap(_ other: Box, extra: Double = 0, byMinimum: Bool = false) -> Double {
    let width = min(x2, other.x2) - max(x1, other.x1) + extra
    let height = min(y2, other.y2) - max(y1, other.y1) + extra
    guard width > 0, height > 0 else { return 0 }
    let common = width * height
    let (a, b) = (
      (self.width + extra) * (self.height + extra), (other.width + extra) * (other.height + extra)
    )
    let whole = byMinimum ? min(a, b) : a + b - common
    return whole > 0 ? common / whole : 0
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Suppression.op, $0) }
