import Language
import Tensors

/// ONNX AffineGrid (20): the grid that GridSample reads for affine maps theta [N, 2, 3] or [N, 3, 4] and an output of `size`
/// [N, C, H, W] or [N, C, D, H, W].
enum AffineGrid {
  static let op = OnnxOperator.make(
    "AffineGrid", "A grid of places under affine maps.", "theta size", "grid", [.flag("align_corners")],
    infer: { facts throws(Fault) in
      let rank = facts.tensor("size").shape.flatMap { $0.first?.value }
      return [Inference.tensor(facts.tensor("theta").dtype, rank.map(Inference.unknown))]
    }
  ) { call throws(Fault) in
    let theta = try call.tensor("theta").requireFloat("theta")
    let size = try call.tensor("size").integers("size")
    let spatial = Array(size.dropFirst(2))
    let rank = spatial.count
    guard rank == 2 || rank == 3, theta.shape == [size[0], rank, rank + 1] else {
      throw .extents("theta", theta.shape, [size.first ?? 0, rank, rank + 1])
    }
    let shape = [size[0]] + spatial + [rank]
    var result: [Double] = []
    result.reserveCapacity(try Extents.count(shape))
    let matrices = theta.doubles()
    let isAligned = call.flag("align_corners")
    let strides = Extents.strides(spatial)
    for image in 0..<size[0] {
      for place in 0..<spatial.reduce(1, *) {
        let at = (0..<rank).map { axis -> Double in
          let (index, extent) = (Double(place / strides[axis] % spatial[axis]), Double(spatial[axis]))
          if isAligned { return extent == 1 ? -1 : 2 * index / (extent - 1) - 1 }
          return (2 * index + 1) / extent - 1
        }
        for row in 0..<rank {
          let start = (image * rank + row) * (rank + 1)
          // The last axis is the first coordinate.
          result.append((0..<rank).reduce(matrices[start + rank]) { $0 + matrices[start + $1] * at[rank - 1 - $1] })
        }
      }
    }
    return [.rounding(result, shape, to: theta.dtype)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AffineGrid.op, $0) }
