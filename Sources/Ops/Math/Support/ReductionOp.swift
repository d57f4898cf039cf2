import Language

/// What the reductions over axes have in common.
enum ReductionOp {
  static let params = [
    Param(
      "axes", .ints(.all, counts: []), default: .null,
      "Dimensions to reduce, negative ones counted from the end; all of them where left out."),
    Param("keep_dims", .bool, default: .bool(false), "Leave an extent of 1 where a dimension was reduced."),
  ]
  static let outputs = [Port("y", "tensor<f32>", .one, "x without the reduced dimensions, or with 1 in their place.")]

  /// `emptyWord` is set where there is no result over nothing; it names the result for the message.
  static func result(_ facts: Facts, emptyWord: String? = nil) throws(Fault) -> ValueType {
    guard let shape = facts.shape("x") else { return .f32(nil) }
    let axes = try Axes.resolve(facts.attributes, rank: shape.count)
    if let emptyWord, let empty = axes.first(where: { shape[$0].value == 0 }) { throw .emptyAxis(emptyWord, empty) }
    let keeps = facts.attributes.bool("keep_dims")
    let result = shape.indices.compactMap { axis in axes.contains(axis) ? (keeps ? Dim(1) : nil) : shape[axis] }
    return .f32(result)
  }

  static func choice(_ site: Site, _ kind: Reduction.Kind, scale: Double = 1, takesRoot: Bool = false) throws(Fault)
    -> Choice
  {
    let shape = site.operand(0).shape
    let axes = try Axes.resolve(site.attributes, rank: shape.count)
    return choice(shape, axes, kind, scale: scale, takesRoot: takesRoot)
  }

  static func choice(
    _ shape: [Int], _ axes: [Int], _ kind: Reduction.Kind, scale: Double = 1, takesRoot: Bool = false
  ) -> Choice {
    let reduction = Reduction(shape: shape, axes: axes, kind: kind, scale: scale, takesRoot: takesRoot)
    return Choice(
      kind.rawValue, operations: Double(reduction.elements), scratch: Reduction.scratch,
      chunks: reduction.chunking.chunks
    ) { call in
      reduction.run(chunk: call.chunk, x: call.input(0), y: call.output(), scratch: call.scratch)
    }
  }

  /// How many elements of `shape` go into one result.
  static func elementsPerResult(_ shape: [Int], _ attributes: Attributes) throws(Fault) -> Int {
    try Axes.resolve(attributes, rank: shape.count).reduce(1) { $0 * shape[$1] }
  }

  /// A value of the result's shape seen with 1 in place of every reduced dimension, so that it broadcasts over x.
  static func restored(_ emitter: inout Emitter, _ adjoint: Adjoint, _ value: ValueID) throws(Fault) -> ValueID {
    let shape = emitter.shape(adjoint.operands[0])
    let axes = try Axes.resolve(adjoint.attributes, rank: shape.count)
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    if emitter.shape(value) == kept { return value }
    return try emitter.use(Reshape.op, value, attributes: ["shape": .ints(kept)])
  }

  /// The cotangent stretched over x.
  static func spread(_ emitter: inout Emitter, _ adjoint: Adjoint) throws(Fault) -> ValueID {
    let g = try restored(&emitter, adjoint, adjoint.cotangent)
    let shape = emitter.shape(adjoint.operands[0])
    if emitter.shape(g) == shape { return g }
    return try emitter.use(Expand.op, g, attributes: ["shape": .ints(shape)])
  }
}
