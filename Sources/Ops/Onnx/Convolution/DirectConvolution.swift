import Kernels
import Language
import Tensors

/// Convolution of any rank and element type: 2-D in Float by the tuned kernels, everything else as a matrix product over
/// unfolded windows (im2col).
enum DirectConvolution {
  /// x [N, C, spatial…], weight [M, C / groups, kernel…], both in the working type of products; y [N, M, output…].
  static func run(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, _ window: SpatialWindow, groups: Int
  ) throws(Fault) -> Tensor {
    let shape = [x.shape[0], weight.shape[0]] + window.output
    _ = try Extents.count(shape)
    if x.dtype == .f32, window.input.count <= 2, window.kernel.allSatisfy({ $0 <= 64 }), !window.output.contains(0) {
      return tuned(x, weight, bias, window, groups, shape)
    }
    let result: Tensor
    switch x.dtype {
    case .f32: result = try unfolded(x, weight, window, groups, shape, Float.self)
    case .f64: result = try unfolded(x, weight, window, groups, shape, Double.self)
    case .i64: result = try unfolded(x, weight, window, groups, shape, Int64.self)
    default: result = try unfolded(x, weight, window, groups, shape, UInt64.self)
    }
    guard let bias else { return result }
    return try Plus.run(
      result, bias.reshaped([bias.count] + Array(repeating: 1, count: window.output.count)), ("X", "B"))
  }

  /// The channels and groups of x [N, C, …] and weight [M, C / groups, …] go together.
  static func check(_ x: Tensor, _ weight: Tensor, groups: Int, _ names: (String, String)) throws(Fault) {
    guard x.rank >= 3 else { throw .rank(names.0, x.shape, "[N, C, spatial…]") }
    guard weight.rank == x.rank, groups > 0, weight.shape[0] % groups == 0,
      x.shape[1] / groups * groups == x.shape[1], weight.shape[1] == x.shape[1] / groups
    else { throw .disagree(names.0, x.shape, names.1, weight.shape, "the channels differ (\(groups) groups)") }
  }

  private static func tuned(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ window: SpatialWindow, _ groups: Int, _ shape: [Int]
  ) -> Tensor {
    func pair(_ values: [Int], _ fill: Int) -> Extent {
      values.count == 2 ? Extent(values[0], values[1]) : Extent(fill, values[0])
    }
    let (top, bottom) = window.input.count == 2 ? (window.begins[0], window.ends[0]) : (0, 0)
    let convolution = Convolution(
      batch: shape[0], channels: x.shape[1], input: pair(window.input, 1), outputs: shape[1],
      kernel: pair(window.kernel, 1), stride: pair(window.strides, 1), dilation: pair(window.dilations, 1),
      groups: groups, pads: Pads(top: top, left: window.begins.last!, bottom: bottom, right: window.ends.last!))
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: max(64, convolution.scratchBytes), alignment: 64)
    defer { scratch.deallocate() }
    return x.withElements(Float.self) { x in
      weight.withElements(Float.self) { weight in
        let bias = bias?.elements(Float.self)
        return Tensor(Float.self, shape: shape) { y in
          for chunk in 0..<convolution.forwardChunks {
            if let bias {
              bias.withUnsafeBufferPointer {
                convolution.forward(
                  chunk: chunk, x: x.baseAddress!, weight: weight.baseAddress!, bias: $0.baseAddress!,
                  y: y.baseAddress!, scratch: scratch)
              }
            } else {
              convolution.forward(
                chunk: chunk, x: x.baseAddress!, weight: weight.baseAddress!, y: y.baseAddress!, scratch: scratch)
            }
          }
        }
      }
    }
  }

  private static func unfolded<T: Number>(
    _ x: Tensor, _ weight: Tensor, _ window: SpatialWindow, _ groups: Int, _ shape: [Int], _ type: T.Type
  ) throws(Fault) -> Tensor {
    let (channels, outputs) = (weight.shape[1], weight.shape[0] / groups)
    let (area, places, taps) = (window.inputArea, window.outputArea, window.taps)
    let depth = try Extents.count([channels, taps])
    let size = try Extents.count([depth, places])
    let result = Tensor.zeros(T.dtype, shape: shape)
    let y = result.buffer.bytes.assumingMemoryBound(to: T.self)
    var columns = Array(repeating: T.zero, count: size)
    x.withMemory(T.self) { x in
      weight.withMemory(T.self) { weight in
        for image in 0..<shape[0] {
          for group in 0..<groups {
            let source = x + (image * groups + group) * channels * area
            columns.withUnsafeMutableBufferPointer { columns in
              // Windows that reach into the padding leave zeros behind, the same in every image and group.
              for channel in 0..<channels {
                for tap in 0..<taps {
                  let row = (channel * taps + tap) * places
                  window.forEachColumn(tap: tap) { columns[row + $0] = source[channel * area + $1] }
                }
              }
              MatrixProduct.accumulate(
                m: outputs, n: places, k: depth, weight + group * outputs * depth, UnsafePointer(columns.baseAddress!),
                y + (image * groups + group) * outputs * places)
            }
          }
        }
      }
    }
    return result
  }
}
