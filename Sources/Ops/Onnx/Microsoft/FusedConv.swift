import Language
import Tensors

/// com.microsoft FusedConv: Conv, plus a tensor Z, then an activation; NhwcConv: Conv with channels last.
enum FusedConv {
  static let ops = [
    OnnxOperator.make(
      "ms.FusedConv", "Convolution, sum and activation in one.", "X W B? Z?", "Y",
      SpatialWindow.params + [
        .attribute("group", 1, .positive), .attribute("activation", string: ""), .floats("activation_params"),
      ], infer: Conv.infer("X", "W")
    ) { call throws(Fault) in
      var y = try Conv.run(call)
      if let z = try call.optional("Z") { y = try Plus.run(y, z.expanded(to: y.shape), ("X", "Z")) }
      let parameters = call.attributes.has("activation_params") ? call.attributes.numbers("activation_params") : []
      return [try FusedActivation.apply(call.attributes.string("activation"), parameters, to: y)]
    },
    OnnxOperator.make(
      "ms.NhwcConv", "Convolution with channels last.", "X W B?", "Y",
      SpatialWindow.params + [.attribute("group", 1, .positive)], infer: Inference.elements(of: "X")
    ) { call throws(Fault) in
      // Inputs [N, spatial…, C] and weights [M, kernel…, C / group] turned to the usual order and back.
      let x = try call.tensor("X")
      guard x.rank >= 3, try call.tensor("W").rank == x.rank else { throw .rank("X", x.shape, "[N, spatial…, C]") }
      let order = [0, x.rank - 1] + Array(1..<(x.rank - 1))
      var inputs = call.inputs
      inputs[0] = [.tensor(try x.transposed(order))]
      inputs[1] = [.tensor(try call.tensor("W").transposed(order))]
      let turned = HostCall(op: call.op, attributes: call.attributes, inputs: inputs)
      return [try Conv.run(turned).movingLast(1)]
    },
  ]
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(FusedConv.ops, $0) }
