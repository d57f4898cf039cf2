import Language
import Tensors

/// ONNX's reductions over axes (1 to 28; axes are an attribute up to version 13, for ReduceSum 11, and an input since). Floats
/// are computed in Double and rounded once, integers wrap around. Without axes all are reduced, or none with
/// `noop_with_empty_axes`. The largest of nothing is -∞ (the smallest integer, false), the smallest +∞.
enum Reduction {
  static let ops = [
    make("ReduceSum", "sum", SumFold.self), make("ReduceProd", "product", ProductFold.self),
    make("ReduceMax", "largest", LargestFold.self, ofNothing: -.infinity),
    make("ReduceMin", "smallest", SmallestFold.self, ofNothing: .infinity),
    make("ReduceMean", "mean", MeanFold.self), make("ReduceL1", "sum of the sizes", MagnitudeFold.self),
    make("ReduceL2", "Euclidean length", LengthFold.self), make("ReduceSumSquare", "sum of squares", SquareFold.self),
    make("ReduceLogSum", "logarithm of the sum", LogSumFold.self),
    make("ReduceLogSumExp", "logarithm of the sum of the exponentials", LogSumExpFold.self),
  ]

  private static func make<F: Fold>(
    _ name: String, _ word: String, _ fold: F.Type, ofNothing: Double? = nil
  ) -> Op {
    OnnxOperator.make(
      name, "The \(word) of the elements over axes.", "data axes?", "reduced",
      [.ints("axes"), .flag("keepdims", 1), .flag("noop_with_empty_axes")], infer: infer
    ) { call throws(Fault) in
      let x = try call.tensor("data")
      var axes = try call.axes(rank: x.rank) ?? []
      if axes.isEmpty {
        // The element-wise parts of the reduction (a logarithm, a square) are still carried out.
        if !call.flag("noop_with_empty_axes") { axes = Array(0..<x.rank) }
      }
      return [try reduce(x, axes, keepsAxes: call.flag("keepdims"), F.self, ofNothing)]
    }
  }

  private static let infer: Op.Inference = { facts throws(Fault) in
    let x = facts.tensor("data")
    guard let shape = x.shape else { return [Inference.tensor(x.dtype)] }
    let keeps = facts.attributes.int("keepdims") != 0
    if facts.attributes.has("axes") || !facts.isConnected("axes") {
      var axes = facts.attributes.has("axes") ? try Axes.resolved(facts.attributes.ints("axes"), rank: shape.count) : []
      if axes.isEmpty, facts.attributes.int("noop_with_empty_axes") == 0 { axes = Array(shape.indices) }
      return [
        Inference.tensor(
          x.dtype,
          shape.indices.compactMap { axes.contains($0) ? (keeps ? Dim(1) : nil) : shape[$0] })
      ]
    }
    return [Inference.tensor(x.dtype, keeps ? Inference.unknown(rank: shape.count) : nil)]
  }

  private static func reduce<F: Fold>(
    _ x: Tensor, _ axes: [Int], keepsAxes: Bool, _ fold: F.Type, _ ofNothing: Double?
  ) throws(Fault) -> Tensor {
    let kept = (0..<x.rank).filter { !axes.contains($0) }
    let size = axes.map { x.shape[$0] }.reduce(1, *)
    let shape = (0..<x.rank).compactMap { axes.contains($0) ? (keepsAxes ? 1 : nil) : x.shape[$0] }
    if size == 0, let ofNothing {
      let value = x.dtype == .bool ? (ofNothing > 0 ? 1 : 0) : ofNothing
      return try Tensor(shape: [], [value]).converted(to: x.dtype).expanded(to: shape)
    }
    let count = try Extents.count(shape)
    let rows = try x.widened().transposed(kept + axes)
    let result =
      switch x.dtype.arithmetic {
      case .real: folded(rows, count, size, F.self, Double.self)
      case .signed: folded(rows, count, size, F.self, Int64.self)
      case .unsigned: folded(rows, count, size, F.self, UInt64.self)
      }
    return result.reshaped(shape).narrowed(to: x.dtype)
  }

  private static func folded<F: Fold, T: Number>(
    _ rows: Tensor, _ count: Int, _ size: Int, _ fold: F.Type, _ type: T.Type
  ) -> Tensor {
    rows.withElements(T.self) { values in
      Tensor(T.self, shape: [count]) { memory in
        for row in 0..<count {
          memory[row] = F.apply(UnsafeBufferPointer(rebasing: values[(row * size)..<((row + 1) * size)]))
        }
      }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Reduction.ops, $0) }
