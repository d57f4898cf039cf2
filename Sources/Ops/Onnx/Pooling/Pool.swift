import Glibc
import Language
import Tensors

/// ONNX AveragePool (7 to 22), MaxPool (8 to 22) and LpPool (2 to 22) over any number of axes.
enum Pool {
  static let ops = [
    OnnxOperator.make(
      "AveragePool", "The mean of each window.", "X", "Y",
      SpatialWindow.params + [.flag("ceil_mode"), .flag("count_include_pad")], infer: infer
    ) { call throws(Fault) in
      let (x, window) = try read(call)
      let includesPads = call.flag("count_include_pad")
      return [
        try reals(x, window) { values, padded in
          values.reduce(0, +) / Double(includesPads ? padded : values.count)
        }
      ]
    },
    OnnxOperator.make(
      "LpPool", "The p-norm of each window.", "X", "Y",
      SpatialWindow.params + [.flag("ceil_mode"), .attribute("p", 2, .positive)], infer: infer
    ) { call throws(Fault) in
      let (x, window) = try read(call)
      let p = Double(call.attributes.int("p"))
      return [try reals(x, window) { values, _ in norm(values, p) }]
    },
    OnnxOperator.make(
      "MaxPool", "The largest element of each window, and its place.", "X", "Y Indices?",
      SpatialWindow.params + [.flag("ceil_mode"), .flag("storage_order")],
      infer: { facts throws(Fault) in
        let shape = try infer(facts)[0]
        return [shape, Inference.tensor(.i64, shape.tensor?.shape)]
      }
    ) { call throws(Fault) in
      let (x, window) = try read(call)
      let wide = x.widened()
      switch x.dtype.arithmetic {
      case .real: return try largest(x, wide, window, isColumnMajor: call.flag("storage_order"), Double.self)
      case .signed: return try largest(x, wide, window, isColumnMajor: call.flag("storage_order"), Int64.self)
      case .unsigned: return try largest(x, wide, window, isColumnMajor: call.flag("storage_order"), UInt64.self)
      }
    },
  ]

  static let infer: Op.Inference = { facts throws(Fault) in
    let x = facts.tensor("X")
    guard let shape = x.shape, shape.count >= 3 else { return [Inference.tensor(x.dtype)] }
    return [Inference.tensor(x.dtype, Array(shape[..<2]) + Inference.unknown(rank: shape.count - 2))]
  }

  static func norm(_ values: some Sequence<Double>, _ p: Double) -> Double {
    if p == 1 { return values.reduce(0) { $0 + $1.magnitude } }
    if p == 2 { return values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    return pow(values.reduce(0) { $0 + pow($1.magnitude, p) }, 1 / p)
  }

  private static func read(_ call: HostCall) throws(Fault) -> (Tensor, SpatialWindow) {
    let x = try call.tensor("X")
    guard x.rank >= 3 else { throw .rank("X", x.shape, "[N, C, spatial…]") }
    guard call.attributes.has("kernel_shape") else { throw .attribute("kernel_shape", "it is missing") }
    let window = try SpatialWindow(call, input: Array(x.shape[2...]), isCeil: call.flag("ceil_mode"))
    _ = try Extents.count([x.shape[0], x.shape[1]] + window.output)
    _ = try Extents.count(window.kernel)
    return (x, window)
  }

  /// A function of each window's elements and of the number of taps within the padding.
  private static func reals(
    _ x: Tensor, _ window: SpatialWindow, _ function: (_ values: [Double], _ padded: Int) -> Double
  ) throws(Fault) -> Tensor {
    let values = try x.requireFloat("X").doubles()
    let (planes, area, places) = (x.shape[0] * x.shape[1], window.inputArea, window.outputArea)
    var result = Array(repeating: 0.0, count: planes * places)
    window.forEachPlace { place, offsets, padded in
      for plane in 0..<planes {
        result[plane * places + place] = function(offsets.map { values[plane * area + $0] }, padded)
      }
    }
    return .rounding(result, [x.shape[0], x.shape[1]] + window.output, to: x.dtype)
  }

  /// Of a window that lies in the padding altogether, the smallest number of the type at place 0.
  private static func largest<T: Number>(
    _ x: Tensor, _ wide: Tensor, _ window: SpatialWindow, isColumnMajor: Bool, _ type: T.Type
  ) throws(Fault) -> [Tensor?] {
    let (planes, area, places) = (x.shape[0] * x.shape[1], window.inputArea, window.outputArea)
    let shape = [x.shape[0], x.shape[1]] + window.output
    let lowest = Tensor(shape: [], [-Double.infinity]).converted(to: x.dtype).widened().elements(T.self)[0]
    var result = Array(repeating: lowest, count: planes * places)
    var indices = Array(repeating: Int64(0), count: planes * places)
    wide.withElements(T.self) { values in
      window.forEachPlace { place, offsets, _ in
        guard let first = offsets.first else { return }
        for plane in 0..<planes {
          var (best, at) = (values[plane * area + first], first)
          for offset in offsets.dropFirst() {
            let value = values[plane * area + offset]
            if value > best || value.isNaN && !best.isNaN { (best, at) = (value, offset) }
          }
          result[plane * places + place] = best
          indices[plane * places + place] = Int64(plane * area + (isColumnMajor ? turned(at, window.input) : at))
        }
      }
    }
    return [Tensor(shape: shape, result).narrowed(to: x.dtype), Tensor(shape: shape, indices)]
  }

  /// A row-major offset counted column-major, the first axis fastest.
  private static func turned(_ offset: Int, _ shape: [Int]) -> Int {
    let strides = Extents.strides(shape)
    var (result, step) = (0, 1)
    for axis in shape.indices {
      result += offset / strides[axis] % shape[axis] * step
      step *= shape[axis]
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Pool.ops, $0) }
