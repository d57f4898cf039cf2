import Language
import Tensors

/// The numbers of a picture's windows.
public enum WindowNumbers {
  public static let op = Op(
    "tensor.window_numbers", doc: "The numbers of all windows that tensor.windows would cut a picture into: 0, 1, 2…",
    inputs: [Port("x", "tensor<f32>", .one, "[1, C, H, W]")], outputs: [Port("numbers", "list<int>")],
    params: WindowPlan.params,
    infer: { facts throws(Fault) in
      guard let plan = try WindowPlan.known(facts) else { return [.list(.int)] }
      return [.tuple(Array(repeating: .int, count: plan.places.count))]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let x = try WindowPlan.picture(call, "x")
        return [.list(try WindowPlan.of(call, x.shape).places.indices.map { .int($0) })]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WindowNumbers.op, $0) }
