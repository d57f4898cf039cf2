import Kernels
import Language
import Tensors

/// Rectifier whose gradient follows a rule made for looking inside networks.
public enum ModifiedReLU {
  public static let rules = ["deconvnet", "guided", "redirect"]

  public static let op: Op = Op(
    "nn.modified_relu",
    doc: """
      max(x, 0) with another rule for the gradient. deconvnet: the signal from above, rectified (Zeiler and Fergus 2014). \
      guided: that, where x is positive too (Springenberg et al. 2015). redirect: as usual, but where nothing at all \
      would come through an item of the batch, everything that does not push a dead unit further down (lucid).
      """,
    inputs: [Port("x", "tensor<f32>", .one, "any shape; the first dimension is the batch")],
    outputs: [Port("y", "tensor<f32>")],
    params: [Param("rule", .choice(rules), default: .string("guided"), "what comes back")],
    infer: { facts throws(Fault) in
      let x = facts.tensor("x")
      return [.f32(x.shape, Meaning(colour: x.meaning.colour, layout: x.meaning.layout))]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try e.emit(ModifiedReLUGradient.op, [[a.operands[0]], [a.cotangent]], a.attributes)
        },
        select: { site throws(Fault) in
          let chunks = Chunking(count: site.result.count, unitCost: 2)
          return [
            Choice("relu", operations: Double(site.result.count), chunks: chunks.chunks, inPlace: [(0, 0)]) { call in
              let range = chunks.range(call.chunk)
              Unary.relu.forward(
                count: range.count, x: call.input(0) + range.lowerBound, y: call.output() + range.lowerBound)
            }
          ]
        })))
}

/// What comes back through a modified rectifier.
enum ModifiedReLUGradient {
  static let op: Op = Op(
    "nn.modified_relu_gradient", doc: "The signal that comes back through nn.modified_relu.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: ModifiedReLU.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let shape = site.result.shape
        let batch = max(1, shape.first ?? 1)
        let count = site.result.count / batch
        let rule = site.attributes.string("rule")
        return [
          Choice(rule, operations: 3 * Double(site.result.count), chunks: batch) { call in
            guard count > 0 else { return }
            let (x, dy) = (call.input(0) + call.chunk * count, call.input(1) + call.chunk * count)
            let dx = call.output() + call.chunk * count
            switch rule {
            case "deconvnet": for index in 0..<count { dx[index] = max(dy[index], 0) }
            case "guided": for index in 0..<count { dx[index] = x[index] > 0 ? max(dy[index], 0) : 0 }
            default:
              var isDead = true
              for index in 0..<count {
                dx[index] = x[index] < 0 ? 0 : dy[index]
                if dx[index] != 0 { isDead = false }
              }
              // A loss falls against its gradient: where x is negative and dy positive, a step would go further down.
              if isDead { for index in 0..<count { dx[index] = x[index] < 0 && dy[index] > 0 ? 0 : dy[index] } }
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ModifiedReLU.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(ModifiedReLUGradient.op, $0) }
