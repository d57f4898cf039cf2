import Language
import Tensors

/// ONNX Col2Im (18): windows [N, C · taps, places] put back together, adding up where they overlap: [N, C, image…].
enum Col2Im {
  static let op = OnnxOperator.make(
    "Col2Im", "Unfolded windows put back together.", "input image_shape block_shape", "output",
    [.ints("dilations"), .ints("pads"), .ints("strides")], infer: Inference.elements(of: "input")
  ) { call throws(Fault) in
    let input = try call.tensor("input")
    let image = try call.tensor("image_shape").integers("image_shape")
    let block = try call.tensor("block_shape").integers("block_shape")
    guard input.rank == 3 else { throw .rank("input", input.shape, "[N, C · taps, places]") }
    guard block.count == image.count, !image.isEmpty else { throw .listLength("block_shape", block.count, image.count) }
    let window = try SpatialWindow(call, input: image, kernel: block)
    let taps = window.taps
    guard input.shape[1] % taps == 0, input.shape[2] == window.outputArea else {
      throw .extents("input", input.shape, [input.shape[0], taps, window.outputArea])
    }
    let shape = [input.shape[0], input.shape[1] / taps] + image
    _ = try Extents.count(shape)
    let wide = input.widened()
    let result =
      switch input.dtype.arithmetic {
      case .real: run(wide, window, shape, Double.self)
      case .signed: run(wide, window, shape, Int64.self)
      case .unsigned: run(wide, window, shape, UInt64.self)
      }
    return [result.narrowed(to: input.dtype)]
  }

  private static func run<T: Number>(_ x: Tensor, _ window: SpatialWindow, _ shape: [Int], _ type: T.Type) -> Tensor {
    let result = Tensor.zeros(T.dtype, shape: shape)
    let y = result.buffer.bytes.assumingMemoryBound(to: T.self)
    x.withMemory(T.self) { columns in
      for plane in 0..<(shape[0] * shape[1]) {
        Folding.add(columns + plane * window.taps * window.outputArea, window, to: y + plane * window.inputArea)
      }
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Col2Im.op, $0) }
