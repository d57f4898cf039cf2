import Kernels
import Language
import Tensors

/// Dropout (Srivastava et al. 2014), inverted: what is kept is scaled up in training, so that nothing changes after it.
public enum Dropout {
  public static let op: Op = Op(
    "nn.dropout",
    doc: """
      In training each element is zero with probability rate, or else divided by 1 - rate; otherwise x. Which elements: \
      by counter from the run's seed, the node's place and the step.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "any shape")], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("rate", .number(0...1.0.nextDown), default: .float(0.5), "share of elements that become zero"),
      Param("training", .bool, default: .bool(true), "false passes x on"),
    ],
    isRandom: true, infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          [try e.emit(DropoutMask.op, [[a.cotangent]], a.attributes, position: a.node.position)[0]]
        },
        select: { site throws(Fault) in DropoutMask.choices(site) })))
}

/// The gradient of dropout: the same elements of dy are kept.
enum DropoutMask {
  static let op: Op = Op(
    "nn.dropout_mask", doc: "Gradient of nn.dropout.", inputs: [Port("dy", "tensor<f32>")],
    outputs: [Port("dx", "tensor<f32>")], params: Dropout.op.params, isInternal: true,
    infer: { facts throws(Fault) in [facts.type("dy")] },
    action: .numeric(Numeric(select: { site throws(Fault) in choices(site) })))

  static func choices(_ site: Site) -> [Choice] {
    let rate = site.attributes.bool("training") ? Float(site.attributes.number("rate")) : 0
    let chunks = Chunking(count: site.result.count, unitCost: 8)
    return [
      Choice("mask", operations: Double(site.result.count), chunks: chunks.chunks, inPlace: [(0, 0)]) { call in
        let range = chunks.range(call.chunk)
        let (x, y) = (call.input(0), call.output())
        guard rate > 0 else {
          if UnsafeRawPointer(x) != UnsafeRawPointer(y) {
            (y + range.lowerBound).update(from: x + range.lowerBound, count: range.count)
          }
          return
        }
        let scale = 1 / (1 - rate)
        let numbers = Philox(seed: call.seed, step: call.step)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 1024) { drawn in
          var start = range.lowerBound
          while start < range.upperBound {
            let end = min(range.upperBound, start + drawn.count)
            numbers.uniform(start..<end, drawn.baseAddress!)
            for index in start..<end { y[index] = drawn[index - start] < rate ? 0 : x[index] * scale }
            start = end
          }
        }
      }
    ]
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Dropout.op, $0) }
@used @section("weft_ops") private let maskEntry: OpEntry = { Registry.collect(DropoutMask.op, $0) }
