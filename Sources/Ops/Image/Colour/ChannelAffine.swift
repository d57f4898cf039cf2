import Kernels
import Language

/// y_c = scale_c · x_order(c) + offset_c per channel: what normalising, its inverse, their gradients and swapping
/// channels are made of.
struct ChannelAffine: Sendable, Equatable {
  /// The channel of x that each channel of y is read from.
  var order: [Int]
  var scale: [Double]
  var offset: [Double]

  /// x from y.
  var inverse: ChannelAffine {
    var result = self
    for (to, from) in order.enumerated() {
      result.order[from] = to
      result.scale[from] = 1 / scale[to]
      result.offset[from] = -offset[to] / scale[to]
    }
    return result
  }

  /// dx from dy.
  var adjoint: ChannelAffine {
    var result = self
    for (to, from) in order.enumerated() {
      result.order[from] = to
      result.scale[from] = scale[to]
      result.offset[from] = 0
    }
    return result
  }

  static let op: Op = Op(
    "image.channel_affine", doc: "Scales, shifts and reorders the channels of a tensor.",
    inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("axis", .int(.natural), "The channel axis."),
      Param("order", .ints(.natural, counts: []), "For each channel of y, the channel of x."),
      Param("scale", .numbers(.all, counts: []), "Factors by channel of y."),
      Param("offset", .numbers(.all, counts: []), "What is added, by channel of y."),
    ], isInternal: true, infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let attributes = adjoint.attributes
          let affine = ChannelAffine(
            order: attributes.ints("order"), scale: attributes.numbers("scale"), offset: attributes.numbers("offset"))
          return [try affine.adjoint.emit(&emitter, adjoint.cotangent, axis: attributes.int("axis"))]
        },
        batch: .alongAxis(),
        select: { site throws(Fault) in
          let attributes = site.attributes
          let affine = ChannelAffine(
            order: attributes.ints("order"), scale: attributes.numbers("scale"), offset: attributes.numbers("offset"))
          return [affine.choice(site.result.shape, axis: attributes.int("axis"))]
        })))

  /// Kernels that make the planes of a picture may do this as well.
  func pointwise(rank: Int, axis: Int) -> [Pointwise] {
    if order == Array(order.indices), scale.allSatisfy({ $0 == 1 }), offset.allSatisfy({ $0 == 0 }) {
      return [Pointwise(.keep)]
    }
    guard axis == rank - 3 else { return [] }
    return [Pointwise(.channels(order: order, scale: scale.map { Float($0) }, shift: offset.map { Float($0) }))]
  }

  func emit(_ emitter: inout Emitter, _ value: ValueID, axis: Int) throws(Fault) -> ValueID {
    try emitter.emit(
      ChannelAffine.op, [[value]],
      ["axis": .int(axis), "order": .ints(order), "scale": .numbers(scale), "offset": .numbers(offset)])[0]
  }

  func choice(_ shape: [Int], axis: Int) -> Choice {
    let channels = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let count = shape.reduce(1, *)
    let scales = scale.map { Float($0) }
    let offsets = offset.map { Float($0) }
    let order = self.order
    let isOrdered = order == Array(0..<channels)
    let chunking = Chunking(count: count / max(1, channels), unitCost: 2 * channels)
    return Choice(
      "affine", operations: 2 * Double(count), chunks: chunking.chunks, inPlace: isOrdered ? [(0, 0)] : []
    ) { call in
      // Positions are (outer, inner) pairs without the channel.
      let range = chunking.range(call.chunk)
      var at = range.lowerBound
      while at < range.upperBound {
        let outer = at / inner
        let place = at - outer * inner
        let run = min(inner - place, range.upperBound - at)
        for channel in 0..<channels {
          let x = call.input(0) + (outer * channels + order[channel]) * inner + place
          let y = call.output() + (outer * channels + channel) * inner + place
          if run == 1 {
            y[0] = x[0] * scales[channel] + offsets[channel]
          } else {
            Slab.affine(x, scale: scales[channel], shift: offsets[channel], y, count: run)
          }
        }
        at += run
      }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ChannelAffine.op, $0) }
