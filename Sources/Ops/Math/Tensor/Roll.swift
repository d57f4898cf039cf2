import Language
import Tensors

/// Dimensions turned round: what leaves at one end comes in at the other.
public enum Roll {
  public static let op: Op = Op(
    "tensor.roll",
    doc: "Moves the elements along some dimensions by shift; what leaves at one end enters at the other.",
    inputs: Movement.inputs, outputs: [Port("y", "tensor", .one, "The shape of x.")],
    params: [
      Param("axes", .ints(.all, counts: []), default: .int(-1), "Dimensions; negative ones count from the end."),
      Param("shift", .ints(.all, counts: []), default: .int(1), "Places towards the end, by axis."),
    ],
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      guard let shape = type.shape else { return [Movement.type(facts, nil, type.meaning)] }
      let shifts = try shifts(facts.attributes, rank: shape.count)
      return [Movement.type(facts, shape, type.meaning.changing(shape.indices.filter { shifts[$0] != 0 }))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let back = adjoint.attributes.ints("shift").map { -$0 }
          return [
            try emitter.use(
              op, adjoint.cotangent, attributes: ["axes": adjoint.attributes["axes"]!, "shift": .ints(back)])
          ]
        },
        select: { site throws(Fault) in
          let shape = site.result.shape
          let maps = zip(shape, try shifts(site.attributes, rank: shape.count)).map { extent, shift in
            (0..<extent).map { (($0 - shift) % extent + extent) % extent }
          }
          return [IndexMap(operand: shape, maps: maps).choice("roll", elementSize: site.result.dtype.size)]
        })))

  private static func shifts(_ attributes: Attributes, rank: Int) throws(Fault) -> [Int] {
    let axes = attributes.ints("axes")
    let given = attributes.ints("shift")
    guard given.count == 1 || given.count == axes.count else {
      throw .countOfParam("shift", given.count, "axes", axes.count)
    }
    var result = Array(repeating: 0, count: rank)
    for (index, axis) in axes.enumerated() {
      result[try Axes.resolve(axis, rank: rank, param: "axes")] += given.count == 1 ? given[0] : given[index]
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Roll.op, $0) }
