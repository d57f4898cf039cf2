import Language
import Optimizers
import Tensors
import Workers

/// One update by an optimiser, as a node.
public enum OptimizerUpdate {
  public static let op = Op(
    "optim.update", revision: 2,
    doc: """
      Moves a point by one step of an optimiser, for loops whose gradient is put together by other nodes; where one graph \
      gives the loss, optim.minimize does all of it. The memory (counters, averages, of lbfgs its history) goes from step \
      to step; it starts as an empty list. What schedule and clamp_steps say goes by the port "step".
      """,
    inputs: [
      Port("point", "tensor<f32>"), Port("gradient", "tensor<f32>", .one, "shaped as the point"),
      Port("memory", "list<any>", .optional, "of the step before"),
      Port("loss", "any", .optional, "the loss at the point, a single number"),
      Port("step", "any", .optional, "how many updates were before, a single number; 0 where it is left out"),
    ],
    outputs: [
      Port("point", "tensor<f32>"), Port("memory", "list<any>"), Port("norm", "number", .one, "of the gradient"),
    ],
    params: [
      Param("method", .choice(OptimizerMethod.all.map(\.name)), default: .string("adam"), "the optimiser"),
      Param(
        "clamp", .numbers(.all, counts: [2]), default: .null, "values outside [low, high] are moved to the nearer end"),
      Param("clamp_steps", .int(.natural), default: .null, "only after that many first updates; null: after all"),
      Param("schedule", .any, default: .null, "the learning rate by step; see optim.minimize"),
    ] + Minimize.settings,
    infer: { facts throws(Fault) in
      let (method, settings) = try Minimize.method(facts.attributes)
      _ = try Minimize.schedule(facts.attributes)
      _ = try Minimize.clamp(facts.attributes)
      let shape = facts.tensor("point").shape
      return [.f32(shape), OptimizerMemory.type(method, settings, shape: shape), .number]
    },
    action: .host(
      Host(grown: { attributes, slab, steps in
        guard let (method, settings) = try? Minimize.method(attributes) else { return 0 }
        // The direction and the gradient of the step before stand beside the new ones; pairs are handed on.
        return (2 + method.slabs(settings, steps)) * slab
      }) { call throws(Fault) in
        let (point, gradient) = (try call.tensor("point"), try call.tensor("gradient"))
        guard gradient.shape == point.shape, gradient.dtype == .f32, point.dtype == .f32 else {
          throw .failed("the gradient is \(gradient.dtype.rawValue)\(gradient.shape), the point \(point.shape)")
        }
        let loss = call.value("loss") == nil ? 0 : try call.number("loss")
        guard loss.isFinite else { throw Fault("diverged", "the loss is \(loss)") }
        let (method, settings) = try Minimize.method(call.attributes)
        var optimizer = method.make(
          settings, point.count, Sweep { count, body in Team.shared.parallel(chunks: count) { body($0) } })
        let memory = call.value("memory") == nil ? [] : try call.list("memory")
        try OptimizerMemory.restore(memory, to: &optimizer, shape: point.shape, method, settings)
        let step = call.value("step") == nil ? 0 : Int(try call.number("step"))
        if let schedule = try Minimize.schedule(call.attributes) { optimizer.rate = schedule.rate(step) }
        // In the memory of the result: a copy of a large picture counts.
        let moved = Tensor(Float.self, shape: point.shape) { memory in
          point.withElements(Float.self) { _ = memory.initialize(from: $0) }
        }
        let numbers = UnsafeMutableBufferPointer(
          start: (moved.buffer.bytes + moved.offset).assumingMemoryBound(to: Float.self), count: moved.count)
        let isClamped = !call.attributes.has("clamp_steps") || step < call.attributes.int("clamp_steps")
        let clamp = isClamped ? try Minimize.clamp(call.attributes) : nil
        let norm = gradient.withElements(Float.self) { slope in
          _ = optimizer.tell(loss: loss, gradient: slope, point: numbers)
          return slope.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
        guard norm.isFinite else { throw Fault("diverged", "the gradient is not finite") }
        if let clamp {
          for index in numbers.indices { numbers[index] = min(max(numbers[index], clamp.lowerBound), clamp.upperBound) }
        }
        return [
          .tensor(moved),
          try OptimizerMemory.whole(optimizer, shape: point.shape, method: method.name), .number(norm),
        ]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(OptimizerUpdate.op, $0) }
