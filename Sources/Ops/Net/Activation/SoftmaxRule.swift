import Kernels
import Language
import Tensors

/// What softmax and its logarithm share.
enum SoftmaxRule {
  static func op(_ name: String, doc: String, range: String?, logarithmic: Bool) -> Op {
    Op(
      name, doc: doc, inputs: [Port("x", "tensor<f32>", .one, "scores")], outputs: [Port("y", "tensor<f32>")],
      params: [
        Param("axis", .int(.all), default: .int(-1), "the axis of the classes; negative counts from the end")
      ],
      infer: { facts throws(Fault) in
        let x = facts.tensor("x")
        if let shape = x.shape { _ = try Shapes.axis(facts.attributes, rank: shape.count) }
        return [.f32(x.shape, Meaning(layout: x.meaning.layout, range: range))]
      },
      action: .numeric(
        Numeric(
          gradient: { (e, a) throws(Fault) in
            try e.emit(
              SoftmaxGradient.op, [[a.result()], [a.cotangent]],
              ["axis": .int(a.attributes.int("axis")), "logarithmic": .bool(logarithmic)])
          },
          batch: .alongAxis(),
          select: { site throws(Fault) in
            let (plan, chunks) = try plan(site, logarithmic: logarithmic)
            return [
              Choice(
                "rows", operations: 4 * Double(site.result.count), scratch: plan.scratchBytes, chunks: chunks.chunks,
                inPlace: logarithmic ? [] : [(0, 0)]
              ) { call in
                plan.forward(
                  outer: chunks.range(call.chunk), x: call.input(0), y: call.output(), scratch: call.scratch)
              }
            ]
          })))
  }

  static func plan(_ site: Site, logarithmic: Bool) throws(Fault) -> (Kernels.Softmax, Chunking) {
    let shape = site.operand(0).shape
    let view = AxisView(shape, axis: try Shapes.axis(site.attributes, rank: shape.count))
    return (
      Kernels.Softmax(outer: view.outer, length: view.length, inner: view.inner, logarithmic: logarithmic),
      Chunking(count: view.outer, unitCost: 8 * view.length * view.inner)
    )
  }
}

/// The gradient of softmax or its logarithm, from the result.
enum SoftmaxGradient {
  static let op: Op = Op(
    "nn.softmax_gradient", doc: "Gradient of nn.softmax or nn.log_softmax, from the result.",
    inputs: [Port("y", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: [
      Param("axis", .int(.all), "the axis of the classes"),
      Param("logarithmic", .bool, "whether y holds logarithms"),
    ],
    isInternal: true, infer: { facts throws(Fault) in [.f32(facts.tensor("y").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (plan, chunks) = try SoftmaxRule.plan(site, logarithmic: site.attributes.bool("logarithmic"))
        return [
          Choice("rows", operations: 4 * Double(site.result.count), chunks: chunks.chunks, inPlace: [(1, 0)]) { call in
            plan.gradient(outer: chunks.range(call.chunk), y: call.input(0), dy: call.input(1), dx: call.output())
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(SoftmaxGradient.op, $0) }
