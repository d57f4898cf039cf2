import Language

/// The numbers of a picture as a network was trained to see them.
public enum Normalise {
  public static let op: Op = Op(
    "image.normalise",
    doc: "Scales, shifts and orders the channels of a picture the way a network was trained to see them.",
    inputs: [Port("x", "tensor<f32>", .one, "A picture or a batch of them, rgb or grey, with values in range.")],
    outputs: [Port("y", "tensor<f32>", .one, "The shape of x.")], params: Statistics.params,
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      let statistics = Statistics(facts.attributes)
      if let colour = type.meaning.colour, statistics.colour != nil, colour != "rgb", colour != "grey" {
        throw .otherColour("x", colour, "rgb")
      }
      if statistics.white != nil { try Picture.checkRange(type, facts.attributes) }
      if let axis = try Picture.channelAxis(type, facts.attributes), let channels = type.shape?[axis].value {
        _ = try Statistics.affine(facts.attributes, channels: channels)
      }
      let meaning = Meaning(
        colour: type.meaning.colour == "rgb" || type.meaning.colour == nil
          ? statistics.colour ?? type.meaning.colour : type.meaning.colour,
        layout: type.meaning.layout, range: statistics.range)
      return [.f32(type.shape, meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.region.concrete(adjoint.operands[0]).shape
          let axis = try Picture.channelAxis(shape, adjoint.attributes)
          let affine = try Statistics.affine(adjoint.attributes, channels: shape[axis])
          return [try affine.adjoint.emit(&emitter, adjoint.cotangent, axis: axis)]
        },
        batch: Picture.batchRule,
        pointwise: { site in
          // A node that stands in a graph has passed `infer`, so nothing is hidden.
          let shape = site.result.shape
          guard let axis = try? Picture.channelAxis(shape, site.attributes),
            let affine = try? Statistics.affine(site.attributes, channels: shape[axis])
          else { return [] }
          return affine.pointwise(rank: shape.count, axis: axis)
        },
        select: { site throws(Fault) in
          let axis = try Picture.channelAxis(site.result.shape, site.attributes)
          return [
            try Statistics.affine(site.attributes, channels: site.result.shape[axis])
              .choice(site.result.shape, axis: axis)
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Normalise.op, $0) }
