import Language
import Tensors

/// ONNX RoiAlign (10 to 22): regions of a feature map pooled to one size, reading between pixels bilinearly (He et al. 2017). Before
/// version 16 pixels had no half offset. `max` takes the largest of the weighted corners, as the definition's reference does.
enum RoiAlign {
  static let op = OnnxOperator.make(
    "RoiAlign", "Regions of a feature map pooled to one size.", "X rois batch_indices", "Y",
    [
      .attribute("coordinate_transformation_mode", string: nil), .attribute("mode", words: ["avg", "max"]),
      .attribute("output_height", 1, .positive), .attribute("output_width", 1, .positive),
      .attribute("sampling_ratio", 0, .natural), .attribute("spatial_scale", float: 1),
    ],
    infer: { facts throws(Fault) in
      let x = facts.tensor("X")
      let count = facts.tensor("rois").shape?.first ?? .unknown
      let channels = x.shape.map { $0.count == 4 ? $0[1] : .unknown } ?? .unknown
      let size = [facts.attributes.int("output_height"), facts.attributes.int("output_width")].map { Dim($0) }
      return [Inference.tensor(x.dtype, [count, channels] + size)]
    }
  ) { call throws(Fault) in
    let (x, rois) = (try call.tensor("X").requireFloat("X"), try call.tensor("rois"))
    guard x.rank == 4, x.shape[2] > 0, x.shape[3] > 0 else { throw .rank("X", x.shape, "[N, C, H, W]") }
    guard rois.rank == 2, rois.shape[1] == 4 else { throw .rank("rois", rois.shape, "[count, 4]") }
    let images = try Indices.resolved(try call.tensor("batch_indices"), "batch_indices", x.shape[0])
    guard images.count == rois.shape[0] else { throw .listLength("batch_indices", images.count, rois.shape[0]) }
    let a = call.attributes
    let mode = a.has("coordinate_transformation_mode") ? a.string("coordinate_transformation_mode") : nil
    let isHalf = mode.map { $0 == "half_pixel" } ?? (call.opset >= 16)
    let size = (height: a.int("output_height"), width: a.int("output_width"))
    let shape = [images.count, x.shape[1], size.height, size.width]
    var result = Array(repeating: 0.0, count: try Extents.count(shape))
    let (values, corners, scale) = (x.doubles(), rois.doubles(), a.number("spatial_scale"))
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    let isMax = a.string("mode") == "max"
    for (region, image) in images.enumerated() {
      let box = (0..<4).map { corners[region * 4 + $0] * scale - (isHalf ? 0.5 : 0) }
      let extent = (
        height: isHalf ? box[3] - box[1] : max(box[3] - box[1], 1),
        width: isHalf ? box[2] - box[0] : max(box[2] - box[0], 1)
      )
      let bin = (height: extent.height / Double(size.height), width: extent.width / Double(size.width))
      let ratio = a.int("sampling_ratio")
      guard box.allSatisfy(\.isFinite), bin.height < 1e4, bin.width < 1e4, ratio < 10_000 else {
        throw .attribute("rois", "region \(region) is out of range")
      }
      let rows = ratio > 0 ? ratio : max(0, Int(bin.height.rounded(.up)))
      let columns = ratio > 0 ? ratio : max(0, Int(bin.width.rounded(.up)))
      for row in 0..<size.height {
        for column in 0..<size.width {
          // The corners and weights of every sample of this bin, shared by all channels.
          var samples: [[(offset: Int, weight: Double)]] = []
          for iy in 0..<rows {
            let y = box[1] + (Double(row) + (Double(iy) + 0.5) / Double(rows)) * bin.height
            for ix in 0..<columns {
              let x = box[0] + (Double(column) + (Double(ix) + 0.5) / Double(columns)) * bin.width
              samples.append(sample(y, x, height, width))
            }
          }
          for channel in 0..<channels {
            let start = (image * channels + channel) * height * width
            let target = ((region * channels + channel) * size.height + row) * size.width + column
            if isMax {
              let all = samples.map { $0.map { $0.weight * values[start + $0.offset] }.max() ?? 0 }
              result[target] = all.max() ?? 0
            } else {
              let sum = samples.reduce(0) { sum, corners in
                sum + corners.reduce(0) { $0 + $1.weight * values[start + $1.offset] }
              }
              result[target] = sum / Double(max(1, rows * columns))
            }
          }
        }
      }
    }
    return [.rounding(result, shape, to: x.dtype)]
  }

  /// Four corners; none more than one pixel outside the map.
  private static func sample(_ y: Double, _ x: Double, _ height: Int, _ width: Int) -> [(offset: Int, weight: Double)] {
    guard y >= -1, y <= Double(height), x >= -1, x <= Double(width) else { return [] }
    func split(_ at: Double, _ extent: Int) -> (low: Int, high: Int, part: Double) {
      let inside = max(at, 0)
      let low = Int(inside)
      return low >= extent - 1 ? (extent - 1, extent - 1, 0) : (low, low + 1, inside - Double(low))
    }
    let (v, h) = (split(y, height), split(x, width))
    return [
      (v.low * width + h.low, (1 - v.part) * (1 - h.part)), (v.low * width + h.high, (1 - v.part) * h.part),
      (v.high * width + h.low, v.part * (1 - h.part)), (v.high * width + h.high, v.part * h.part),
    ]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(RoiAlign.op, $0) }
