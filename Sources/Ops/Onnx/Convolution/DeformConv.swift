import Language
import Tensors

/// ONNX DeformConv (19 to 22) in two dimensions: a convolution whose taps are moved by offsets and weighted by a mask, reading
/// between pixels bilinearly; what lies outside is 0 (Zhu et al. 2018).
enum DeformConv {
  static let op = OnnxOperator.make(
    "DeformConv", "A convolution with moved taps.", "X W offset B? mask?", "Y",
    [
      .ints("dilations"), .attribute("group", 1, .positive), .ints("kernel_shape"),
      .attribute("offset_group", 1, .positive), .ints("pads"), .ints("strides"),
    ], infer: Conv.infer("X", "W")
  ) { call throws(Fault) in
    let (x, w) = (try call.tensor("X").requireFloat("X"), try call.tensor("W"))
    let (groups, parts) = (call.attributes.int("group"), call.attributes.int("offset_group"))
    guard x.rank == 4 else { throw .refused("DeformConv over other than two axes is not supported") }
    try DirectConvolution.check(x, w, groups: groups, ("X", "W"))
    let window = try SpatialWindow(call, input: Array(x.shape[2...]), kernel: Array(w.shape[2...]))
    let (taps, places) = (window.taps, window.outputArea)
    let offset = try call.tensor("offset")
    guard x.shape[1] % parts == 0, offset.shape == [x.shape[0], parts * taps * 2] + window.output else {
      throw .extents("offset", offset.shape, [x.shape[0], parts * taps * 2] + window.output)
    }
    let mask = try call.optional("mask")
    if let mask, mask.shape != [x.shape[0], parts * taps] + window.output {
      throw .extents("mask", mask.shape, [x.shape[0], parts * taps] + window.output)
    }
    let bias = try call.optional("B")
    if let bias, bias.count != w.shape[0] { throw .extents("B", bias.shape, [w.shape[0]]) }
    // Every channel unfolded at its moved taps; what is left is a product with the weights.
    let columns = unfold(x, offset.doubles(), mask?.doubles(), window, parts)
    let (channels, outputs) = (w.shape[1], w.shape[0] / groups)
    var result = Array(repeating: 0.0, count: try Extents.count([x.shape[0], w.shape[0], places]))
    let (weights, offsets) = (w.doubles(), bias?.doubles())
    for image in 0..<x.shape[0] {
      for output in 0..<w.shape[0] {
        let target = (image * w.shape[0] + output) * places
        for place in 0..<places { result[target + place] = offsets?[output] ?? 0 }
        for term in 0..<(channels * taps) {
          let row = ((image * x.shape[1] + output / outputs * channels) * taps + term) * places
          let factor = weights[output * channels * taps + term]
          for place in 0..<places { result[target + place] += factor * columns[row + place] }
        }
      }
    }
    return [.rounding(result, [x.shape[0], w.shape[0]] + window.output, to: x.dtype)]
  }

  /// [N, C, taps, places]
  private static func unfold(
    _ x: Tensor, _ offsets: [Double], _ mask: [Double]?, _ window: SpatialWindow, _ parts: Int
  ) -> [Double] {
    let values = x.doubles()
    let (taps, places, area) = (window.taps, window.outputArea, window.inputArea)
    let perPart = x.shape[1] / parts
    var columns = Array(repeating: 0.0, count: x.shape[0] * x.shape[1] * taps * places)
    for image in 0..<x.shape[0] {
      for channel in 0..<x.shape[1] {
        let part = (image * parts + channel / perPart) * taps
        let plane = (image * x.shape[1] + channel)
        for tap in 0..<taps {
          for place in 0..<places {
            let (row, column) = (place / window.output[1], place % window.output[1])
            let y = Double(
              row * window.strides[0] - window.begins[0] + tap / window.kernel[1] * window.dilations[0])
            let x = Double(
              column * window.strides[1] - window.begins[1] + tap % window.kernel[1] * window.dilations[1])
            let at = (
              y + offsets[(part + tap) * 2 * places + place], x + offsets[((part + tap) * 2 + 1) * places + place]
            )
            let weight = mask?[(part + tap) * places + place] ?? 1
            columns[(plane * taps + tap) * places + place] =
              weight * sample(values, plane * area, window.input, at.0, at.1)
          }
        }
      }
    }
    return columns
  }

  private static func sample(
    _ values: [Double], _ start: Int, _ size: [Int], _ y: Double, _ x: Double
  ) -> Double {
    guard y > -1, y < Double(size[0]), x > -1, x < Double(size[1]) else { return 0 }
    let (top, left) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
    let (down, right) = (y - Double(top), x - Double(left))
    func value(_ row: Int, _ column: Int) -> Double {
      (0..<size[0]).contains(row) && (0..<size[1]).contains(column) ? values[start + row * size[1] + column] : 0
    }
    return (1 - down) * ((1 - right) * value(top, left) + right * value(top, left + 1))
      + down * ((1 - right) * value(top + 1, left) + right * value(top + 1, left + 1))
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DeformConv.op, $0) }
