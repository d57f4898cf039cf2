import Language
import Tensors

/// ONNX NonMaxSuppression (10 to 11): per picture and class, boxes in order of falling scores, each kept unless it overlaps a kept
/// one by more than the threshold (intersection over union). Result: int64 [count, 3] of picture, class, box.
enum NonMaxSuppression {
  static let op = OnnxOperator.make(
    "NonMaxSuppression", "Boxes that do not overlap better ones.",
    "boxes scores max_output_boxes_per_class? iou_threshold? score_threshold?", "selected_indices",
    [.flag("center_point_box")], infer: { _ throws(Fault) in [Inference.tensor(.i64, [.unknown, 3])] }
  ) { call throws(Fault) in
    let (boxes, scores) = (try call.tensor("boxes"), try call.tensor("scores"))
    guard boxes.rank == 3, boxes.shape[2] == 4 else { throw .rank("boxes", boxes.shape, "[batch, boxes, 4]") }
    guard scores.rank == 3, scores.shape[0] == boxes.shape[0], scores.shape[2] == boxes.shape[1] else {
      throw .disagree("boxes", boxes.shape, "scores", scores.shape, "scores are [batch, classes, boxes]")
    }
    let limit = try call.integer(at: "max_output_boxes_per_class") ?? 0
    let overlap = try call.scalar(at: "iou_threshold") ?? 0
    let threshold = try call.scalar(at: "score_threshold")
    let corners = boxes.doubles()
    let values = scores.doubles()
    let (batch, classes, count) = (boxes.shape[0], scores.shape[1], boxes.shape[1])
    let isCentred = call.flag("center_point_box")
    var selected: [Int64] = []
    for picture in 0..<batch {
      let areas = (0..<count).map { box in
        Area(corners[((picture * count + box) * 4)..<((picture * count + box) * 4 + 4)], isCentred)
      }
      for label in 0..<classes {
        let start = (picture * classes + label) * count
        let order = (0..<count).filter { box in threshold.map { values[start + box] > $0 } ?? true }
          .sorted { values[start + $0] > values[start + $1] || values[start + $0] == values[start + $1] && $0 < $1 }
        var kept: [Int] = []
        for box in order where kept.count < limit {
          if kept.allSatisfy({ areas[$0].overlap(areas[box]) <= overlap }) {
            kept.append(box)
            selected += [Int64(picture), Int64(label), Int64(box)]
          }
        }
      }
    }
    return [Tensor(shape: [selected.count / 3, 3], selected)]
  }

  private struct Area {
    let left: Double, right: Double, top: Double, bottom: Double

    /// Either [y1, x1, y2, x2] of any two opposite corners or [x, y, width, height] about the centre.
    init(_ box: ArraySlice<Double>, _ isCentred: Bool) {
      let (a, b, c, d) = (
        box[box.startIndex], box[box.startIndex + 1], box[box.startIndex + 2], box[box.startIndex + 3]
      )
      if isCentred {
        (left, right, top, bottom) = (a - c / 2, a + c / 2, b - d / 2, b + d / 2)
      } else {
        (left, right, top, bottom) = (min(b, d), max(b, d), min(a, c), max(a, c))
      }
    }

    var size: Double { (right - left) * (bottom - top) }

    /// Intersection over union; 0 of empty areas.
    func overlap(_ other: Area) -> Double {
      let width = min(right, other.right) - max(left, other.left)
      let height = min(bottom, other.bottom) - max(top, other.top)
      guard width > 0, height > 0, size > 0, other.size > 0 else { return 0 }
      return width * height / (size + other.size - width * height)
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(NonMaxSuppression.op, $0) }
