import Language
import Tensors

/// ONNX MaxRoiPool (1 to 22): the largest element of each bin of regions [image, x1, y1, x2, y2], rounded to whole pixels (Girshick
/// 2015); 0 where a bin is empty.
enum MaxRoiPool {
  static let op = OnnxOperator.make(
    "MaxRoiPool", "The largest elements of regions.", "X rois", "Y",
    [.ints(required: "pooled_shape"), .attribute("spatial_scale", float: 1)],
    infer: { facts throws(Fault) in [Inference.tensor(facts.tensor("X").dtype, Inference.unknown(rank: 4))] }
  ) { call throws(Fault) in
    let (x, rois) = (try call.tensor("X").requireFloat("X"), try call.tensor("rois"))
    guard x.rank == 4 else { throw .rank("X", x.shape, "[N, C, H, W]") }
    guard rois.rank == 2, rois.shape[1] == 5 else { throw .rank("rois", rois.shape, "[count, 5]") }
    let pooled = call.attributes.ints("pooled_shape")
    guard pooled.count == 2, pooled.allSatisfy({ $0 > 0 }) else {
      throw .attribute("pooled_shape", "\(pooled) is out of range")
    }
    let shape = [rois.shape[0], x.shape[1], pooled[0], pooled[1]]
    var result = Array(repeating: 0.0, count: try Extents.count(shape))
    let (values, corners, scale) = (x.doubles(), rois.doubles(), call.attributes.number("spatial_scale"))
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    for region in 0..<rois.shape[0] {
      let image = corners[region * 5]
      guard image >= 0, image < Double(x.shape[0]) else { throw .attribute("rois", "region \(region) is of no image") }
      let box = (1..<5).map { (corners[region * 5 + $0] * scale).rounded() }
      guard box.allSatisfy({ abs($0) < 1e9 }) else { throw .attribute("rois", "region \(region) is out of range") }
      func bins(_ start: Double, _ end: Double, _ count: Int, _ extent: Int) -> [Swift.Range<Int>] {
        let size = max(end - start + 1, 1) / Double(count)
        return (0..<count).map { bin in
          let low = Int((Double(bin) * size).rounded(.down) + start)
          let high = Int((Double(bin + 1) * size).rounded(.up) + start)
          let first = min(max(low, 0), extent)
          return first..<max(first, min(max(high, 0), extent))
        }
      }
      let (rows, columns) = (bins(box[1], box[3], pooled[0], height), bins(box[0], box[2], pooled[1], width))
      for channel in 0..<channels {
        let start = (Int(image) * channels + channel) * height * width
        for (row, down) in rows.enumerated() {
          for (column, across) in columns.enumerated() {
            let inside = down.flatMap { y in across.map { values[start + y * width + $0] } }
            result[((region * channels + channel) * pooled[0] + row) * pooled[1] + column] = inside.max() ?? 0
          }
        }
      }
    }
    return [.rounding(result, shape, to: x.dtype)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MaxRoiPool.op, $0) }
