import Language

/// The adjoint of padding one dimension by repeating what is inside: what was repeated is added up.
enum Unpad {
  static let op: Op = Op(
    "tensor.unpad", doc: "Adds what stands in the pads of one dimension to the elements it was repeated from.",
    inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("axis", .int(.natural), "The dimension."),
      Param("before", .int(.natural), "Elements put in front."), Param("after", .int(.natural), "Elements put behind."),
      Param("mode", .choice(PadMode.allCases.map(\.rawValue)), "What the new elements were."),
    ], isInternal: true,
    infer: { facts throws(Fault) in
      guard var shape = facts.shape("x") else { return [.f32(nil)] }
      let axis = facts.attributes.int("axis")
      shape[axis] = shape[axis] - Dim(facts.attributes.int("before") + facts.attributes.int("after"))
      return [.f32(shape)]
    },
    action: .numeric(Numeric(select: { site throws(Fault) in [choice(site)] })))

  private static func choice(_ site: Site) -> Choice {
    let (from, to) = (site.operand(0).shape, site.result.shape)
    let axis = site.attributes.int("axis")
    let before = site.attributes.int("before")
    let mode = PadMode(rawValue: site.attributes.string("mode"))!
    // Places that were read from each element, in ascending order.
    var readers = Array(repeating: [Int](), count: to[axis])
    for place in 0..<from[axis] { readers[mode.source(place - before, to[axis])].append(place) }
    let inner = to[(axis + 1)...].reduce(1, *)
    let (length, padded) = (to[axis], from[axis])
    let chunking = Chunking(count: to[..<axis].reduce(1, *) * length, unitCost: 2 * inner)
    let lists = readers
    return Choice("gather", operations: Double(site.operand(0).count), chunks: chunking.chunks) { call in
      for row in chunking.range(call.chunk) {
        let (outer, place) = (row / length, row % length)
        let y = call.output() + row * inner
        for index in 0..<inner { y[index] = 0 }
        for reader in lists[place] {
          let x = call.input(0) + (outer * padded + reader) * inner
          for index in 0..<inner { y[index] += x[index] }
        }
      }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Unpad.op, $0) }
