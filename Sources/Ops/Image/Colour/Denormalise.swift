import Language

/// The inverse of `image.normalise` with the same params.
public enum Denormalise {
  public static let op: Op = Op(
    "image.denormalise", doc: "Undoes image.normalise with the same params: back to a picture with values in range.",
    inputs: [Port("x", "tensor<f32>", .one, "What image.normalise makes.")],
    outputs: [Port("y", "tensor<f32>", .one, "The shape of x; rgb or grey.")], params: Statistics.params,
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      let statistics = Statistics(facts.attributes)
      if let have = type.meaning.colour, let want = statistics.colour, have != want, have != "grey" {
        throw .otherColour("x", have, want)
      }
      if let axis = try Picture.channelAxis(type, facts.attributes), let channels = type.shape?[axis].value {
        _ = try Statistics.affine(facts.attributes, channels: channels)
      }
      let meaning = Meaning(
        colour: statistics.colour != nil && type.meaning.colour != "grey" ? "rgb" : type.meaning.colour,
        layout: type.meaning.layout,
        range: statistics.white == nil ? nil : Picture.text(facts.attributes.numbers("range")))
      return [.f32(type.shape, meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.region.concrete(adjoint.operands[0]).shape
          let axis = try Picture.channelAxis(shape, adjoint.attributes)
          let affine = try Statistics.affine(adjoint.attributes, channels: shape[axis]).inverse
          return [try affine.adjoint.emit(&emitter, adjoint.cotangent, axis: axis)]
        },
        batch: Picture.batchRule,
        select: { site throws(Fault) in
          let axis = try Picture.channelAxis(site.result.shape, site.attributes)
          return [
            try Statistics.affine(site.attributes, channels: site.result.shape[axis]).inverse
              .choice(site.result.shape, axis: axis)
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Denormalise.op, $0) }
