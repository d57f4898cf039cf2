import Kernels
import Language

/// What the element-wise ops of two operands have in common.
enum BinaryOp {
  static let inputs = [
    Port("a", "tensor<f32>", .one, "Any shape."),
    Port("b", "tensor<f32>", .one, "A shape that broadcasts with a's."),
  ]
  static let outputs = [Port("y", "tensor<f32>", .one, "The broadcast shape.")]

  static func make(
    _ name: String, doc: String, _ function: Binary, gradient: Numeric.Gradient?
  ) -> Op {
    Op(
      name, doc: doc, inputs: inputs, outputs: outputs, infer: { facts throws(Fault) in [try result(facts)] },
      action: .numeric(
        Numeric(
          gradient: gradient, batch: .pointwise,
          pointwise: { site in
            // A residual: both operands have the result's shape.
            guard function == .add, site.operand(0) == site.result, site.operand(1) == site.result else { return [] }
            return [Pointwise(.add, operand: 0, other: 1), Pointwise(.add, operand: 1, other: 0)]
          },
          select: { site throws(Fault) in [choice(site, function)] + flatChoices(site, function) })))
  }

  /// The broadcast shape; colour order and layout where the operands do not disagree. The value range is not known.
  static func result(_ facts: Facts) throws(Fault) -> ValueType {
    let a = facts.tensor("a")
    let b = facts.tensor("b")
    guard let first = a.shape, let second = b.shape else { return .f32(nil) }
    let shape = try Broadcast.shape(first, second)
    func agreed(_ x: String?, _ y: String?) -> String? { x == nil || y == nil || x == y ? x ?? y : nil }
    let meaning = Meaning(
      colour: agreed(a.meaning.colour, b.meaning.colour),
      layout: agreed(
        first.count == shape.count ? a.meaning.layout : nil, second.count == shape.count ? b.meaning.layout : nil))
    return .f32(shape, meaning)
  }

  /// Loops over operands of one shape in other layouts.
  private static func flatChoices(_ site: Site, _ function: Binary) -> [Choice] {
    guard site.operand(0) == site.result, site.operand(1) == site.result else { return [] }
    return site.flatLayouts(keepsZero: function.keepsZero).dropFirst().map { layout in
      let count = site.elements(layout)
      let chunking = Chunking.flat(count)
      return Choice(
        "\(function)", operandLayouts: [layout, layout], resultLayouts: [layout], operations: Double(count),
        inPlace: [(0, 0), (1, 0)], flat: chunking
      ) { call in
        let range = chunking.range(call.chunk)
        let start = range.lowerBound
        function.apply(
          count: range.count, x: call.input(0) + start, y: call.input(1) + start, z: call.output() + start)
      }
    }
  }

  static func choice(_ site: Site, _ function: Binary) -> Choice {
    let shape = site.result.shape
    let nest = Nest(
      extents: shape,
      strides: [
        Broadcast.strides(site.operand(0).shape, over: shape), Broadcast.strides(site.operand(1).shape, over: shape),
      ])
    let chunking = Chunking.flat(nest.count)
    let equals = (0...1).filter { site.operand($0).shape == shape }
    let (stepA, stepB) = (nest.innerStride(0), nest.innerStride(1))
    return Choice(
      "\(function)", operations: Double(nest.count), chunks: chunking.chunks, inPlace: equals.map { ($0, 0) },
      flat: equals.count == 2 ? chunking : nil
    ) { call in
      let (a, b, y) = (call.input(0), call.input(1), call.output())
      nest.forEachRun(in: chunking.range(call.chunk)) { start, count, first, second in
        function.apply(count: count, x: a + first, xStep: stepA, y: b + second, yStep: stepB, z: y + start)
      }
    }
  }

  /// The cotangents of both operands, each summed down to its operand's shape.
  static func cotangents(
    _ emitter: inout Emitter, _ adjoint: Adjoint,
    a: (inout Emitter) throws(Fault) -> ValueID, b: (inout Emitter) throws(Fault) -> ValueID
  ) throws(Fault) -> [ValueID?] {
    let operands = adjoint.operands
    var result: [ValueID?] = [nil, nil]
    if adjoint.needs[0] { result[0] = try ReduceTo.emit(&emitter, try a(&emitter), like: operands[0]) }
    if adjoint.needs[1] { result[1] = try ReduceTo.emit(&emitter, try b(&emitter), like: operands[1]) }
    return result
  }
}
