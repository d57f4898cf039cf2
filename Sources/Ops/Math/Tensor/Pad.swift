import Language

/// Elements put around a tensor.
public enum Pad {
  public static let op: Op = Op(
    "tensor.pad",
    doc: """
      Puts elements before and after each of the last dimensions. reflect mirrors without repeating the edge, \
      replicate repeats the edge, wrap continues at the other side.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "Any shape.")], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("before", .ints(.natural, counts: []), default: .int(0), "Elements put in front, for the last dimensions."),
      Param("after", .ints(.natural, counts: []), default: .int(0), "Elements put behind, for the last dimensions."),
      Param(
        "mode", .choice(PadMode.allCases.map(\.rawValue)), default: .string("constant"), "What the new elements are."),
      Param("value", .number(.all), default: .float(0), "constant: the new elements."),
    ],
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      guard let shape = type.shape else { return [.f32(nil)] }
      let pads = try pads(facts.attributes, rank: shape.count)
      let mode = PadMode(rawValue: facts.attributes.string("mode"))!
      for (axis, pad) in pads.enumerated() {
        guard let extent = shape[axis].value, let limit = mode.limit(extent) else { continue }
        for (name, count) in [("before", pad.before), ("after", pad.after)] where count > limit {
          throw .shape(
            "param \"\(name)\" puts \(count) elements by mode \(mode.rawValue) at dimension \(axis) of x, which is "
              + "\(extent): \(limit) are the most")
        }
      }
      return [.f32(zip(shape, pads).map { $0 + Dim($1.before + $1.after) }, type.meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let shape = emitter.shape(adjoint.operands[0])
          let pads = try pads(adjoint.attributes, rank: shape.count)
          let mode = adjoint.attributes.string("mode")
          guard mode != "constant" else {
            let begin = pads.map(\.before)
            return [
              try emitter.use(
                Slice.op, adjoint.cotangent,
                attributes: [
                  "axes": .ints(Array(shape.indices)), "begin": .ints(begin), "end": .ints(zip(begin, shape).map(+)),
                ])
            ]
          }
          var g = adjoint.cotangent
          for (axis, pad) in pads.enumerated() where pad.before + pad.after > 0 {
            g = try emitter.use(
              Unpad.op, g,
              attributes: [
                "axis": .int(axis), "before": .int(pad.before), "after": .int(pad.after), "mode": .string(mode),
              ])
          }
          return [g]
        },
        batch: BatchRule { use in
          guard use.hasStackedFirst, let pads = try? pads(use.attributes, rank: use.rank), let first = pads.first else {
            return nil
          }
          return first.before == 0 && first.after == 0 ? use.attributes : nil
        },
        select: { site throws(Fault) in
          let shape = site.operand(0).shape
          let mode = PadMode(rawValue: site.attributes.string("mode"))!
          let maps = zip(shape, try pads(site.attributes, rank: shape.count)).map { extent, pad in
            (-pad.before..<extent + pad.after).map { mode.source($0, extent) }
          }
          let fill = Float(site.attributes.number("value")).bitPattern
          return [IndexMap(operand: shape, maps: maps).choice("pad", elementSize: 4, fill: UInt64(fill))]
        })))

  /// Pads of every dimension; lists are for the last ones, a single number is for the last two.
  private static func pads(_ attributes: Attributes, rank: Int) throws(Fault) -> [(before: Int, after: Int)] {
    var lists: [[Int]] = []
    for name in ["before", "after"] {
      var list = attributes.ints(name)
      if case .int(let both)? = attributes[name] { list = Array(repeating: both, count: min(2, rank)) }
      guard list.count <= rank else { throw .countOfParam(name, list.count, "dimensions", rank) }
      lists.append(Array(repeating: 0, count: rank - list.count) + list)
    }
    return zip(lists[0], lists[1]).map { ($0, $1) }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Pad.op, $0) }
