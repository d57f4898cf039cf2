import Kernels
import Language
import Tensors

/// The last two dimensions of a tensor at the size of another's.
public enum TensorResizeLike {
  public static let op: Op = Op(
    "tensor.resize_like",
    doc: "Resamples the last two dimensions of a tensor to those of another; differentiable by x.",
    inputs: [
      Port("x", "tensor<f32>", .one, "[..., H, W]"), Port("like", "tensor<f32>", .one, "gives height and width"),
    ],
    outputs: [Port("y", "tensor<f32>", .one, "[..., height, width]")],
    params: TensorResize.params.filter { $0.name == "mode" || $0.name == "convention" },
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      guard let shape = type.shape, let like = facts.tensor("like").shape else { return [.f32(nil)] }
      for (port, shape) in [("x", shape), ("like", like)] where shape.count < 2 {
        throw .shape("\(port) has \(shape.count) dimensions; at least 2 are needed")
      }
      return [.f32(shape.dropLast(2) + like.suffix(2), type.meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          var attributes = a.attributes.values
          attributes["size"] = .ints(Array(e.region.concrete(a.operands[1]).shape.suffix(2)))
          attributes["input"] = .ints(Array(e.region.concrete(a.operands[0]).shape.suffix(2)))
          return [try e.emit(TensorResize.gradient, [[a.cotangent]], attributes)[0], nil]
        },
        select: { site throws(Fault) in
          let (from, to) = (site.operand(0).shape, site.result.shape)
          let (vertical, horizontal) = TensorResize.taps(site.attributes, from.suffix(2), to.suffix(2))
          return [
            FloatResampler(
              planes: to.dropLast(2).reduce(1, *), vertical: vertical, horizontal: horizontal, channels: 1
            ).choice(.f32)
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TensorResizeLike.op, $0) }
