import Kernels
import Language
import Tensors

/// A fully connected layer: y = x · weightᵀ + bias along the last axis.
public enum Linear {
  public static let op: Op = Op(
    "nn.linear",
    doc: """
      Fully connected layer along the last axis: y[…, o] = bias[o] + the sum over i of weight[o, i] * x[…, i]. It owns its \
      weight [features, inputs] and bias, or takes them as inputs; a connected weight decides the features.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "any number of leading dimensions"),
      Port("weight", "tensor<f32>[O,I]", .parameter(.heNormal), "[features, inputs]"),
      Port("bias", "tensor<f32>[O]", .parameter(.constant(0)), "one number per feature"),
    ],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("features", .int(.positive), default: .null, "outputs of the layer; needed unless weight is connected"),
      Param("bias", .bool, default: .bool(true), "whether the node owns a bias when none is connected"),
    ],
    parameters: { facts throws(Fault) in
      let weight = try weight(facts)
      return [.f32(weight), facts.attributes.bool("bias") ? .f32(weight.map { [$0[0]] }) : .any]
    },
    infer: { facts throws(Fault) in
      guard let weight = try weight(facts) else { return [.f32(nil)] }
      try Shapes.requireVector(facts, "bias", weight[0], because: "the layer makes \(weight[0]) features")
      guard let x = try Shapes.extents(facts, "x", atLeast: 1) else { return [.f32(nil)] }
      return [.f32(x.dropLast() + [weight[0]])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let dy = a.cotangent
          guard let x = a.operand(0), let weight = a.operand(1) else { return [] }
          var result: [ValueID?] = [
            a.needs[0] ? try e.emit(LinearInputGradient.op, [[dy], [weight]])[0] : nil,
            a.needs[1] ? try e.emit(LinearWeightGradient.op, [[x], [dy]])[0] : nil,
          ]
          if a.needs.count > 2 {
            result.append(a.needs[2] ? try e.emit(ChannelSum.op, [[dy]], ["axis": .int(-1)])[0] : nil)
          }
          return result
        },
        batch: .first,
        select: { site throws(Fault) in
          let (inputs, features) = (site.operand(1).shape[1], site.operand(1).shape[0])
          let product = Gemm(m: site.result.count / features, n: features, k: inputs, transposeB: true)
          let hasBias = site.isConnected(2)
          return [
            Choice(
              "gemm", operations: product.operations, scratch: Gemm.scratchBytes, chunks: product.chunkCount
            ) { call in
              product.run(
                chunk: call.chunk, a: call.input(0), b: call.input(1), c: call.output(), scratch: call.scratch)
              guard hasBias else { return }
              let columns = product.columns(chunk: call.chunk)
              for row in product.rows(chunk: call.chunk) {
                Slab.axpy(
                  alpha: 1, call.input(2) + columns.lowerBound, call.output() + row * features + columns.lowerBound,
                  count: columns.count)
              }
            }
          ]
        })))

  private static func weight(_ facts: Facts) throws(Fault) -> [Dim]? {
    let x = try Shapes.extents(facts, "x", atLeast: 1)
    if let weight = try Shapes.extents(facts, "weight", rank: 2) {
      if let inputs = x?.last {
        try Shapes.require(weight[1], equals: inputs, "weight", 1, because: "x has \(inputs) in its last dimension")
      }
      if facts.attributes.has("features") {
        let features = Dim(facts.attributes.int("features"))
        try Shapes.require(weight[0], equals: features, "weight", 0, because: "param \"features\"")
      }
      return weight
    }
    guard facts.attributes.has("features") else {
      if facts.isConnected("weight") { return nil }
      throw .missingParam("features", unless: "weight")
    }
    return x.map { [Dim(facts.attributes.int("features")), $0[$0.count - 1]] }
  }
}

extension Gemm {
  var operations: Double { 2 * Double(m) * Double(n) * Double(k) }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Linear.op, $0) }
