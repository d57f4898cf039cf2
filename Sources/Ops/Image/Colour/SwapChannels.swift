import Language

/// Channels in another order.
public enum SwapChannels {
  public static let op: Op = Op(
    "image.swap_channels",
    doc: "Puts the channels of a picture tensor in another order; reversed by default (RGB, BGR).",
    inputs: [Port("x", "tensor<f32>", .one, "A picture or a batch of them.")],
    outputs: [Port("y", "tensor<f32>", .one, "The shape of x.")],
    params: [
      Param(
        "order", .ints(.natural, counts: []), default: .array([.int(2), .int(1), .int(0)]),
        "For each channel of y, the one of x."),
      Picture.layoutParam,
    ],
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      let order = facts.attributes.ints("order")
      guard order.sorted() == Array(order.indices) else {
        throw .params("param \"order\" must hold each channel once, from 0 to \(order.count - 1)")
      }
      if let axis = try Picture.channelAxis(type, facts.attributes), let channels = type.shape?[axis].value,
        channels != order.count
      {
        throw .pictureChannels("x", Dim(channels), "\(order.count)")
      }
      var meaning = type.meaning
      if order != Array(order.indices) {
        let swapped = ["rgb": "bgr", "bgr": "rgb"]
        meaning.colour = order == [2, 1, 0] ? meaning.colour.flatMap { swapped[$0] } : nil
      }
      return [.f32(type.shape, meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.region.concrete(adjoint.operands[0]).shape
          let axis = try Picture.channelAxis(shape, adjoint.attributes)
          return [try affine(adjoint.attributes).adjoint.emit(&emitter, adjoint.cotangent, axis: axis)]
        },
        batch: Picture.batchRule,
        select: { site throws(Fault) in
          let axis = try Picture.channelAxis(site.result.shape, site.attributes)
          return [affine(site.attributes).choice(site.result.shape, axis: axis)]
        })))

  private static func affine(_ attributes: Attributes) -> ChannelAffine {
    let order = attributes.ints("order")
    return ChannelAffine(order: order, scale: order.map { _ in 1 }, offset: order.map { _ in 0 })
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(SwapChannels.op, $0) }
