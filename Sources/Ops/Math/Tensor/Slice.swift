import Language
import Tensors

/// A part of a tensor, along any of its dimensions.
public enum Slice {
  public static let op: Op = Op(
    "tensor.slice",
    doc: """
      Takes the elements from begin up to, not including, end, every step-th of them, along the dimensions of axes. \
      Negative places count from the end; places outside are moved to the edge.
      """,
    inputs: Movement.inputs, outputs: Movement.outputs,
    params: [
      Param("axes", .ints(.all, counts: []), default: .null, "Dimensions; the first ones where left out."),
      Param("begin", .ints(.all, counts: []), default: .int(0), "The first place, by axis."),
      Param("end", .ints(.all, counts: []), default: .null, "The place after the last, by axis; the end if left out."),
      Param("step", .ints(.positive, counts: []), default: .int(1), "From one place to the next, by axis."),
    ],
    infer: { facts throws(Fault) in
      guard let shape = facts.shape("x") else { return [Movement.type(facts, nil)] }
      var result = shape
      let cuts = try cuts(facts.attributes, shape)
      for cut in cuts { result[cut.axis] = cut.count }
      return [Movement.type(facts, result, facts.tensor("x").meaning.changing(cuts.map(\.axis)))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.shape(adjoint.operands[0])
          let cuts = try cuts(adjoint.attributes, shape.map { Dim($0) })
          var begin = shape.map { _ in 0 }
          var step = shape.map { _ in 1 }
          for cut in cuts {
            begin[cut.axis] = cut.begin.value!
            step[cut.axis] = cut.step
          }
          return [try Unslice.emit(&emitter, adjoint.cotangent, shape: shape, begin: begin, step: step)]
        },
        batch: .alongAxes(),
        select: { site throws(Fault) in
          let shape = site.operand(0).shape
          var maps = shape.map { Array(0..<$0) }
          for cut in try cuts(site.attributes, shape.map { Dim($0) }) {
            let begin = cut.begin.value!
            maps[cut.axis] = (0..<cut.count.value!).map { begin + $0 * cut.step }
          }
          return [IndexMap(operand: shape, maps: maps).choice("slice", elementSize: site.result.dtype.size)]
        })))

  private struct Cut {
    let axis: Int
    let begin: Dim
    let step: Int
    let count: Dim
  }

  private static func cuts(_ attributes: Attributes, _ shape: [Dim]) throws(Fault) -> [Cut] {
    let lists = [attributes.ints("begin"), attributes.optionalInts("end") ?? [.max], attributes.ints("step")]
    let axes = attributes.optionalInts("axes") ?? Array(0..<(lists.map(\.count).max() ?? 1))
    for (name, list) in zip(["begin", "end", "step"], lists) where list.count != 1 && list.count != axes.count {
      throw .countOfParam(name, list.count, "axes", axes.count)
    }
    var result: [Cut] = []
    for (index, given) in axes.enumerated() {
      let axis = try Axes.resolve(given, rank: shape.count, param: "axes")
      if result.contains(where: { $0.axis == axis }) { throw .axisTwice("axes", given) }
      let begin = place(lists[0].count == 1 ? lists[0][0] : lists[0][index], shape[axis])
      let end = place(lists[1].count == 1 ? lists[1][0] : lists[1][index], shape[axis])
      let step = lists[2].count == 1 ? lists[2][0] : lists[2][index]
      var count = (end - begin).dividedUp(by: step)
      if let value = count.value { count = Dim(max(0, value)) }
      result.append(Cut(axis: axis, begin: begin, step: step, count: count))
    }
    return result
  }

  /// A place along an extent. What a symbolic extent may be is not known: places within 2^31 are taken to lie inside.
  private static func place(_ place: Int, _ extent: Dim) -> Dim {
    if let extent = extent.value { return Dim(min(max(place < 0 ? max(place, -extent) + extent : place, 0), extent)) }
    if place >= Int(Int32.max) { return extent }
    return place < 0 ? extent + Dim(place) : Dim(place)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Slice.op, $0) }
