import Language
import Tensors

/// ONNX DepthToSpace (1 to 28) and SpaceToDepth (1 to 28): blocks of pixels exchanged with channels, in depth-column-row or
/// column-row-depth order.
enum DepthAndSpace {
  static let ops = [
    OnnxOperator.make(
      "DepthToSpace", "Channels laid out as blocks of pixels.", "input", "output", params,
      infer: { facts throws(Fault) in
        [Inference.tensor(facts.tensor("input").dtype, Inference.unknown(rank: 4))]
      }
    ) { call throws(Fault) in
      let (input, block, area) = try read(call)
      let (n, c, h, w) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
      guard c % area == 0 else { throw .rank("input", input.shape, "a multiple of \(area) channels") }
      let isDCR = call.attributes.string("mode") == "DCR"
      let split = isDCR ? [n, block, block, c / area, h, w] : [n, c / area, block, block, h, w]
      let order = isDCR ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]
      return [try input.reshaped(split).transposed(order).reshaped([n, c / area, h * block, w * block])]
    },
    OnnxOperator.make(
      "SpaceToDepth", "Blocks of pixels laid out as channels.", "input", "output", params,
      infer: { facts throws(Fault) in
        [Inference.tensor(facts.tensor("input").dtype, Inference.unknown(rank: 4))]
      }
    ) { call throws(Fault) in
      let (input, block, area) = try read(call)
      let (n, c, h, w) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
      guard h % block == 0, w % block == 0 else { throw .rank("input", input.shape, "sides divisible by \(block)") }
      let order = call.attributes.string("mode") == "DCR" ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]
      let split = input.reshaped([n, c, h / block, block, w / block, block])
      return [try split.transposed(order).reshaped([n, c * area, h / block, w / block])]
    },
  ]

  private static let params: [Param] = [
    .attribute(required: "blocksize", .positive), .attribute("mode", words: ["DCR", "CRD"]),
  ]

  private static func read(_ call: HostCall) throws(Fault) -> (input: Tensor, block: Int, area: Int) {
    let input = try call.tensor("input")
    guard input.rank == 4 else { throw .rank("input", input.shape, "[N,C,H,W]") }
    let block = call.attributes.int("blocksize")
    let (area, overflow) = block.multipliedReportingOverflow(by: block)
    guard !overflow else { throw .attribute("blocksize", "\(block) is too large") }
    return (input, block, area)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(DepthAndSpace.ops, $0) }
