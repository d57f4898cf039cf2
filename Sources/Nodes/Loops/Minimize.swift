import Language
import Optimizers
import Tensors

/// Minimises a loss that a graph computes.
public enum Minimize {
  public static let op = Op(
    "optim.minimize", revision: 3,
    doc: """
      Changes the tensors of "wrt" so that the output "loss" of the graph "body" becomes small. Each step is one \
      evaluation of the body with its gradient, and one update. The port "log" is a table with one row per evaluation, \
      taken before the update: the loss, the other single-number outputs of the body in their order, and grad_norm, the \
      l2 norm of the gradient over everything in "wrt" before any clipping; with a schedule, the learning rate lr; with \
      l2, that part of the loss. A "wrt" may be weights: every parameter that the body's networks take from them is \
      optimised, but those named as frozen, and running statistics are carried along. A stream under "in" gives the \
      body one element per step. "state" is carried from step to step by the body's outputs of the same names. The \
      graph "validate" is measured every validate_every steps over one pass of its streams; the means of its \
      single-number outputs become columns val_…, and one of them (monitor) decides what "keep": "best" and \
      "until": {"patience"} mean. The port "memory" takes what another minimisation's port of that name gave: the \
      optimiser goes on with it (style-transfer-pytorch's warm start at the next size). The port "summary" lists the ops \
      of the body with their parameters. What follows ema below belongs to the methods: \(methods).
      """,
    inputs: [
      Port(
        "memory", "list<any>", .optional,
        "counters of one element and averages in the shape of \"wrt\", in the optimiser's order; empty: none")
    ], outputs: [],
    params: [
      Param("method", .choice(OptimizerMethod.all.map(\.name)), default: .string("adam"), "the optimiser"),
      Param(
        "clamp", .numbers(.all, counts: [2]), default: .null,
        "after each update, values outside [low, high] are moved to the nearer end"),
      Param("clamp_steps", .int(.natural), default: .null, "only after that many first updates; null: after all"),
      Param(
        "log", .strings, default: .null,
        "body outputs that become columns beside the loss; null takes all that are single numbers"),
      Param(
        "schedule", .any, default: .null,
        "the learning rate by step: {\"kind\": constant, step (at, rates), cosine (steps, floor) or one_cycle (steps, "
          + "rise), \"warmup\": steps}"),
      Param("clip_norm", .number(.natural), default: .null, "a longer gradient is shortened to this l2 norm"),
      Param(
        "l2", .any, default: .null,
        "adds factor * the sum of squares to the loss, by patterns of parameter names: {\"*.weight\": 0.0005}"),
      Param("ema", .number(0...1.0.nextDown), default: .null, "also carries averages of \"wrt\", of this decay"),
      Param(
        "ema_corrected", .bool, default: .bool(false),
        "averages are of the start and all iterates alone, divided by 1 - decay^n, rather than begun as the start"),
      Param(
        "memory", .bool, default: .bool(false),
        "whether the port \"memory\" gives the optimiser's memory; else an empty list"),
      Param("validate_every", .int(.positive), default: .null, "steps; null: once per pass of the training stream"),
      Param("monitor", .string, default: .null, "the measured output that counts; null: the one named as the loss"),
      Param("monitor_mode", .choice(["min", "max"]), default: .string("min"), "which way it gets better"),
      ReLURule.param,
    ] + settings,
    structure: ["body", "validate", "loss", "wrt", "state", "until", "keep", "checkpoint", "save_every"],
    dynamicOutputs: { facts throws(Fault) in
      try check(facts)
      return [Port("log", type: .table, .one, "one row per evaluation of the loss")]
        + [
          Port("memory", type: .list(.any), .one, "what the optimiser remembers"),
          Port(
            "summary", type: summaryType, .one, "layer, op, shape, parameters and trainable of every op of the body"),
        ] + averages(facts)
    },
    infer: { facts throws(Fault) in
      try check(facts)
      return [.table, .list(.any), summaryType] + averages(facts).map(\.type)
    },
    action: .loop(MinimizeLoop()))

  private static let summaryType = ValueType.list(.named("record"))

  private static let methods = OptimizerMethod.all.map {
    "\($0.name) (\($0.params.map(\.name).joined(separator: ", ")))"
  }
  .joined(separator: ", ")

  /// Every setting of every method, each optional here: what the chosen method makes of it is checked against that.
  static let settings: [Param] = {
    var params: [Param] = []
    for method in OptimizerMethod.all {
      for param in method.params where !params.contains(where: { $0.name == param.name }) {
        let users = OptimizerMethod.all.filter { $0.params.contains { $0.name == param.name } }
        let isAgreed = users.allSatisfy {
          $0.params.contains { $0.name == param.name && $0.expected == param.expected }
        }
        params.append(
          Param(
            param.name, isAgreed ? param.kind : .any, default: .null,
            "\(users.map(\.name).joined(separator: ", ")): \(param.doc)"))
      }
    }
    return params
  }()

  /// The chosen method and its settings.
  static func method(_ attributes: Attributes) throws(Fault) -> (OptimizerMethod, Attributes) {
    let method = try OptimizerMethod.named(attributes.string("method"))
    let given = attributes.values.filter { name, value in
      value != .null && settings.contains { $0.name == name }
    }
    let (filled, faults) = method.attributes(given)
    if let fault = faults.first { throw fault }
    return (method, filled)
  }

  /// The port of the running average of each `wrt`.
  private static func averages(_ facts: Facts) -> [Port] {
    guard facts.attributes.has("ema") else { return [] }
    return (facts.structure?.wrt ?? []).map { Port("\($0.name).ema", type: $0.type, .one, "its running average") }
  }

  /// The schedule, where there is one; the method's own lr is its base.
  static func schedule(_ attributes: Attributes) throws(Fault) -> Schedule? {
    guard attributes.has("schedule"), let literal = attributes["schedule"] else { return nil }
    let (_, settings) = try method(attributes)
    return try Schedule(literal, base: settings.number("lr"))
  }

  /// Patterns of names and the factors of their squares in the loss.
  static func penalties(_ attributes: Attributes) throws(Fault) -> [(pattern: String, factor: Double)] {
    guard attributes.has("l2"), let literal = attributes["l2"] else { return [] }
    guard case .object(let entries) = literal else { throw .badPenalty("takes an object, not \(literal)") }
    var result: [(pattern: String, factor: Double)] = []
    for (pattern, value) in entries.sorted(by: { $0.key < $1.key }) {
      guard let factor = value.number, factor >= 0 else {
        throw .badPenalty("takes factors of at least 0, but \"\(pattern)\" is \(value)")
      }
      result.append((pattern, factor))
    }
    return result
  }

  static func clamp(_ attributes: Attributes) throws(Fault) -> ClosedRange<Float>? {
    guard attributes.has("clamp") else { return nil }
    let ends = attributes.numbers("clamp")
    guard ends.count == 2, ends[0] <= ends[1] else { throw .badClamp(ends) }
    return Float(ends[0])...Float(ends[1])
  }

  private static func check(_ facts: Facts) throws(Fault) {
    _ = try method(facts.attributes)
    _ = try clamp(facts.attributes)
    _ = try schedule(facts.attributes)
    _ = try penalties(facts.attributes)
    guard let structure = facts.structure else { return }
    for (name, type) in structure.wrt where type != .weights {
      if let dtype = type.tensor?.dtype, dtype != .f32 { throw .wrtElement(name, "\(type)") }
      if type.tensor == nil, type != .any { throw .wrtElement(name, "\(type)") }
    }
    guard facts.attributes.has("log") else { return }
    let outputs = structure.bodyOutputs
    for name in facts.attributes.strings("log") {
      guard let output = outputs.first(where: { $0.name == name }) else {
        throw .noSuchColumn(name, outputs.map(\.name))
      }
      let isScalar = output.type.tensor.map { ($0.shape ?? []).allSatisfy { $0.value ?? 1 == 1 } } ?? true
      guard isScalar else { throw .columnNotScalar(name, "\(output.type)") }
    }
  }
}

/// Opens sessions of `optim.minimize`.
struct MinimizeLoop: LoopOp {
  func open(_ site: LoopSite) throws(Fault) -> any LoopSession { try MinimizeSession(site) }

  func workingBytes(_ attributes: Attributes, slab: Int, steps: Int?) -> Int {
    guard let (method, settings) = try? Minimize.method(attributes) else { return 2 * slab }
    return (2 + method.slabs(settings, steps) + (attributes.has("ema") ? 1 : 0)) * slab
  }

  /// The point and its average are copied, and what the method keeps in place; the pairs of L-BFGS are handed out.
  func stateBytes(_ attributes: Attributes, slab: Int) -> Int {
    guard let (method, settings) = try? Minimize.method(attributes) else { return slab }
    return (1 + min(2, method.slabs(settings, nil)) + (attributes.has("ema") ? 1 : 0)) * slab
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Minimize.op, $0) }
