import Language
import Tensors

/// ONNX ConvTranspose (1 to 22): the transpose of a convolution over any number of axes, W [C, M / groups, kernel…]. Output size
/// per axis: stride · (input - 1) + output_padding + span - pads, or `output_shape`, which then decides the pads.
enum ConvTranspose {
  static let op = OnnxOperator.make(
    "ConvTranspose", "The transpose of a convolution.", "X W B?", "Y",
    SpatialWindow.params + [.attribute("group", 1, .positive), .ints("output_padding"), .ints("output_shape")],
    infer: { facts throws(Fault) in
      let type = facts.tensor("X")
      guard let shape = type.shape, shape.count >= 3 else { return [Inference.tensor(type.dtype)] }
      let perGroup = facts.tensor("W").shape.map { $0.count > 1 ? $0[1] : .unknown } ?? .unknown
      let outputs = perGroup * Dim(facts.attributes.int("group"))
      return [Inference.tensor(type.dtype, [shape[0], outputs] + Inference.unknown(rank: shape.count - 2))]
    }
  ) { call throws(Fault) in
    let (x, w) = (try call.tensor("X").requireFloat("X"), try call.tensor("W"))
    guard x.dtype == w.dtype else { throw .elementTypes("X", x.dtype, "W", w.dtype) }
    let groups = call.attributes.int("group")
    guard x.rank >= 3, w.rank == x.rank, w.shape[0] == x.shape[1], x.shape[1] % groups == 0 else {
      throw .disagree("X", x.shape, "W", w.shape, "the channels differ (\(groups) groups)")
    }
    let window = try window(call, x, w)
    let (a, b) = (MatrixProduct.widened(x), MatrixProduct.widened(w))
    let result =
      a.dtype == .f32
      ? try run(a, b, window, groups, Float.self) : try run(a, b, window, groups, Double.self)
    guard let bias = try call.optional("B") else { return [result.narrowed(to: x.dtype)] }
    guard bias.count == result.shape[1] else { throw .extents("B", bias.shape, [result.shape[1]]) }
    let perChannel = MatrixProduct.widened(bias)
      .reshaped([bias.count] + Array(repeating: 1, count: window.input.count))
    return [try Plus.run(result, perChannel, ("X", "B")).narrowed(to: x.dtype)]
  }

  /// The window of the convolution that this one transposes: its input is our output.
  private static func window(_ call: HostCall, _ x: Tensor, _ w: Tensor) throws(Fault) -> SpatialWindow {
    let input = Array(x.shape[2...])
    let rank = input.count
    func list(_ name: String, _ fallback: Int, _ count: Int) throws(Fault) -> [Int] {
      let values = call.ints(name) ?? Array(repeating: fallback, count: count)
      guard values.count == count else { throw .listLength(name, values.count, count) }
      guard values.allSatisfy({ (0...(1 << 31)).contains($0) }) else {
        throw .attribute(name, "\(values) is out of range")
      }
      return values
    }
    let kernel = Array(w.shape[2...])
    let (strides, dilations) = (try list("strides", 1, rank), try list("dilations", 1, rank))
    let extra = try list("output_padding", 0, rank)
    let pads = try list("pads", 0, 2 * rank)
    let autoPad = call.attributes.string("auto_pad")
    guard strides.allSatisfy({ $0 > 0 }), dilations.allSatisfy({ $0 > 0 }), kernel.allSatisfy({ $0 > 0 }) else {
      throw .attribute("strides", "\(strides) is out of range")
    }
    var (begins, ends) = (Array(pads[..<rank]), Array(pads[rank...]))
    var wanted = call.ints("output_shape").map { Array($0.suffix(rank)) }
    if wanted == nil, autoPad.hasPrefix("SAME") { wanted = zip(input, strides).map { $0 * $1 } }
    if let wanted, wanted.count != rank { throw .listLength("output_shape", wanted.count, rank) }
    var output: [Int] = []
    for axis in 0..<rank {
      guard input[axis] > 0 else { throw .rank("X", x.shape, "no empty axis") }
      let full = strides[axis] * (input[axis] - 1) + extra[axis] + (kernel[axis] - 1) * dilations[axis] + 1
      if let wanted {
        let total = max(0, full - wanted[axis])
        begins[axis] = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2
        ends[axis] = total - begins[axis]
        output.append(wanted[axis])
      } else {
        if autoPad == "VALID" { (begins[axis], ends[axis]) = (0, 0) }
        output.append(full - begins[axis] - ends[axis])
      }
    }
    _ = try Extents.count(output)
    return SpatialWindow(
      input: output, kernel: kernel, strides: strides, dilations: dilations, begins: begins, ends: ends, output: input)
  }

  private static func run<T: Number>(
    _ x: Tensor, _ w: Tensor, _ window: SpatialWindow, _ groups: Int, _ type: T.Type
  ) throws(Fault) -> Tensor {
    let (channels, outputs) = (x.shape[1] / groups, w.shape[1])
    let (area, places, taps) = (window.inputArea, window.outputArea, window.taps)
    let shape = [x.shape[0], outputs * groups] + window.input
    _ = try Extents.count(shape)
    let depth = try Extents.count([outputs, taps])
    _ = try Extents.count([depth, places])
    let result = Tensor.zeros(T.dtype, shape: shape)
    let y = result.buffer.bytes.assumingMemoryBound(to: T.self)
    for group in 0..<groups {
      // [channels, outputs · taps] turned, so that windows · weights is one product.
      let weight = try StridedView(
        w, shape: [depth, channels], strides: [1, depth], offset: group * channels * depth
      ).dense()
      for image in 0..<x.shape[0] {
        let source = StridedView(
          x, shape: [channels, places], strides: [places, 1], offset: (image * groups + group) * channels * places)
        let columns = try MatrixProduct.run(weight, try source.dense(), ("W", "X"))
        columns.withMemory(T.self) { columns in
          for output in 0..<outputs {
            let plane = y + ((image * groups + group) * outputs + output) * area
            Folding.add(columns + output * taps * places, window, to: plane)
          }
        }
      }
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ConvTranspose.op, $0) }
