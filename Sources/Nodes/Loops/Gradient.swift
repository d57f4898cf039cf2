import Kernels
import Language
import Tensors

/// The gradient of a loss that a graph computes, as a value.
public enum Gradient {
  public static let op = Op(
    "optim.gradient",
    doc: """
      The gradient of the output "loss" of the graph "body" by the tensors of "wrt", one port per name: saliency, \
      Grad-CAM, deconvnets. "until" is {"steps": 1}; more steps give the mean of that many evaluations, which differ where \
      the body draws random numbers (SmoothGrad). "log" holds the losses. "at" names tensors among the body's outputs \
      that the loss is made of: the gradient by each comes on the port "name.slope".
      """,
    inputs: [], outputs: [],
    params: [
      ReLURule.param, Param("at", .strings, default: .array([]), "body outputs to differentiate by as well"),
    ],
    structure: ["body", "loss", "wrt", "until", "keep", "checkpoint", "save_every"],
    dynamicOutputs: { facts throws(Fault) in
      try slopes(facts) + [Port("log", type: .table, .one, "one row per evaluation")]
    },
    infer: { facts throws(Fault) in try slopes(facts).map(\.type) + [.table] }, action: .loop(GradientLoop()))

  private static func slopes(_ facts: Facts) throws(Fault) -> [Port] {
    guard let outputs = facts.structure?.bodyOutputs else { return [] }
    var ports: [Port] = []
    for name in facts.attributes.strings("at") {
      guard let output = outputs.first(where: { $0.name == name }) else {
        throw .noSuchTensor(name, outputs.map(\.name))
      }
      ports.append(Port("\(name).slope", type: output.type, .one, "gradient of the loss by \(name)"))
    }
    return ports
  }
}

/// Opens sessions of `optim.gradient`.
struct GradientLoop: LoopOp {
  func open(_ site: LoopSite) throws(Fault) -> any LoopSession { try GradientSession(site) }

  /// The gradient, and the sum of several.
  func workingBytes(_ attributes: Attributes, slab: Int, steps: Int?) -> Int { steps == 1 ? slab : 2 * slab }
}

/// Evaluations at one point; the sum of the gradients is the state.
final class GradientSession: LoopSession {
  private let body: BodyRun
  private let names: [String]
  private let shapes: [[Int]]
  /// Of the last evaluation, by name.
  private let slopes: [Buffer]
  /// Keeps the memory of the values alive.
  private let starts: [Tensor]
  private let loss: Int
  /// Of several; of one, `slopes` are the sums.
  private var sums: [[Float]] = []
  private var steps = 0

  init(_ site: LoopSite) throws(Fault) {
    for (name, start) in site.wrt where start.dtype != .f32 {
      throw .wrtElement(name, "\(start.dtype.rawValue)\(start.shape)")
    }
    let training = try ReLURule.apply(site.attributes.string("relu"), to: site.training)
    guard let loss = training.outputs.firstIndex(of: site.loss) else {
      throw .noSuchColumn(site.loss, training.outputs)
    }
    self.loss = loss
    var wrt: [ValueID] = []
    var names: [String] = []
    for (input, source) in zip(training.body.inputs, training.sources) {
      guard case .wrt(let index) = source else { continue }
      wrt.append(input)
      names.append(site.wrt[index].name)
    }
    for name in site.attributes.strings("at") {
      guard let index = training.outputs.firstIndex(of: name) else { throw .noSuchTensor(name, training.outputs) }
      wrt.append(training.body.outputs[index])
      names.append(name + ".slope")
    }
    let types = wrt.map { training.body.concrete($0) }
    let (slopes, starts) = (types.map { Buffer(byteCount: $0.byteCount) }, site.wrt.map(\.start))
    (self.names, shapes, self.slopes, self.starts) = (names, types.map(\.shape), slopes, starts)
    body = try BodyRun(
      training, Demand(loss: training.body.outputs[loss], wrt: wrt), site.compiler, seed: site.seed,
      gradients: slopes.map(\.bytes)
    ) { source in
      guard case .wrt(let index) = source else { preconditionFailure("nothing is carried here") }
      return UnsafeRawPointer(starts[index].buffer.bytes + starts[index].offset)
    }
  }

  var columns: [String] { [body.names[loss]] }

  func step(_ context: RunContext) throws(Fault) -> StepReport {
    if steps == 1, sums.isEmpty { sums = slopes.indices.map { elements($0).map { $0 } } }
    try body.run(Int(context.step), context)
    let value = body.scalar(loss)
    guard value.isFinite else { throw .lossNotFinite(body.names[loss], value, step: context.step) }
    for index in sums.indices {
      let slope = elements(index)
      for element in sums[index].indices { sums[index][element] += slope[element] }
    }
    steps += 1
    return StepReport(loss: value, log: [value])
  }

  /// Of the last evaluation.
  private func elements(_ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      start: UnsafePointer(slopes[index].bytes.assumingMemoryBound(to: Float.self)),
      count: shapes[index].reduce(1, *))
  }

  /// The sum of all evaluations, divided.
  private func sum(_ index: Int, over count: Int) -> Tensor {
    Tensor(Float.self, shape: shapes[index]) { memory in
      if steps == 0 {
        memory.initialize(repeating: 0)
      } else if sums.isEmpty {
        _ = memory.initialize(from: elements(index))
      } else {
        for element in memory.indices { memory[element] = sums[index][element] / Float(count) }
      }
    }
  }

  func value(_ name: String) -> Value? {
    if let index = names.firstIndex(of: name) { return .tensor(sum(index, over: max(1, steps))) }
    guard steps > 0, let index = body.names.firstIndex(of: name) else { return nil }
    return .tensor(body.tensor(index))
  }

  var state: [(name: String, tensor: Tensor)] {
    [("steps", Tensor(shape: [1], [Int64(steps)]))]
      + names.indices.map { ("sum.\(names[$0])", sum($0, over: 1)) }
      + (steps > 0 ? body.names.indices.map { ("output.\(body.names[$0])", body.tensor($0)) } : [])
  }

  func restore(_ state: [(name: String, tensor: Tensor)]) throws(Fault) {
    let values = Dictionary(state.map { ($0.name, $0.tensor) }) { first, _ in first }
    guard let counted = values["steps"], counted.dtype == .i64, counted.count == 1 else {
      throw .badLoopState("\"steps\" is missing")
    }
    var restored: [[Float]] = []
    for (name, shape) in zip(names, shapes) {
      guard let sum = values["sum.\(name)"], sum.dtype == .f32, sum.shape == shape else {
        throw .badLoopState("\"sum.\(name)\" is missing")
      }
      restored.append(sum.elements(Float.self))
    }
    for (index, name) in body.names.enumerated() {
      guard let output = values["output.\(name)"], output.byteCount == body.outputs[index].byteCount,
        let bytes = output.bytes.baseAddress
      else { continue }
      body.outputs[index].bytes.copyMemory(from: bytes, byteCount: output.byteCount)
    }
    sums = restored
    steps = Int(counted.elements(Int64.self)[0])
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Gradient.op, $0) }
