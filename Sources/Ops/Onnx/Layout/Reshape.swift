import Language
import Tensors

/// ONNX Reshape (5 to 25): the same elements under another shape. 0 copies an extent (unless `allowzero`), one -1 is worked
/// out from the rest.
enum Reshape {
  static let op = OnnxOperator.make(
    "Reshape", "The same elements under another shape.", "data shape", "reshaped", [.flag("allowzero")],
    infer: { facts throws(Fault) in
      let data = facts.tensor("data")
      if case .tensor(let shape)? = facts.value("shape"), !shape.dtype.isFloat, let known = data.shape {
        let wanted = try shape.integers("shape")
        let dims = wanted.enumerated().map { axis, extent in
          extent > 0
            ? Dim(extent)
            : extent == 0 && facts.attributes.int("allowzero") == 0 && axis < known.count ? known[axis] : .unknown
        }
        return [Inference.tensor(data.dtype, dims)]
      }
      let rank = facts.tensor("shape").shape.flatMap { $0.count == 1 ? $0[0].value : nil }
      return [Inference.tensor(data.dtype, rank.map(Inference.unknown))]
    }
  ) { call throws(Fault) in
    let data = try call.tensor("data")
    let wanted = try call.tensor("shape").integers("shape")
    return [data.reshaped(try resolve(wanted, data, allowZero: call.flag("allowzero")))]
  }

  static func resolve(_ wanted: [Int], _ data: Tensor, allowZero: Bool) throws(Fault) -> [Int] {
    var shape = wanted
    for axis in shape.indices where shape[axis] == 0 && !allowZero {
      guard axis < data.rank else { throw .axis(axis, data.rank) }
      shape[axis] = data.shape[axis]
    }
    if let free = shape.firstIndex(of: -1) {
      shape[free] = 1
      let rest = shape.contains(where: { $0 < 0 }) ? 0 : try Extents.count(shape, size: 1)
      guard rest > 0, data.count % rest == 0 else { throw .reshape(data.shape, wanted) }
      shape[free] = data.count / rest
    }
    guard try Extents.count(shape, size: 1) == data.count else { throw .reshape(data.shape, wanted) }
    return shape
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Reshape.op, $0) }
