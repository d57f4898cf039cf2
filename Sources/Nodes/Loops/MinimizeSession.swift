import Language
import Optimizers
import Tensors
import Workers

/// A minimisation in progress: the compiled body with its gradient, the point as one flat slab, and the optimiser.
final class MinimizeSession: LoopSession {
  private let site: LoopSite
  private let body: BodyRun
  private let validation: Validation?
  private let parameters: Parameters
  /// What is carried from step to step, one buffer per state.
  private let carried: [Buffer]
  private let clamp: ClosedRange<Float>?
  private let clampSteps: Int
  private let clipNorm: Double?
  private let schedule: Schedule?
  private let loss: Int
  private let logged: [Int]
  let columns: [String]
  let examples: Int?

  private var optimizer: any Optimizer<Float>
  private var steps: UInt64 = 0

  init(_ site: LoopSite) throws(Fault) {
    self.site = MinimizeSession.remembered(site)
    let attributes = site.attributes
    let parameters = try Parameters(site.wrt, attributes)
    let carried = site.states.map { state in
      let buffer = Buffer(byteCount: state.start.byteCount)
      if let start = state.start.bytes.baseAddress {
        buffer.bytes.copyMemory(from: start, byteCount: state.start.byteCount)
      }
      return buffer
    }
    (self.parameters, self.carried) = (parameters, carried)
    clamp = try Minimize.clamp(attributes)
    clampSteps = attributes.has("clamp_steps") ? attributes.int("clamp_steps") : .max
    clipNorm = attributes.has("clip_norm") ? attributes.number("clip_norm") : nil
    schedule = try Minimize.schedule(attributes)

    let training = try ReLURule.apply(attributes.string("relu"), to: site.training)
    guard let loss = training.outputs.firstIndex(of: site.loss) else {
      throw .noSuchColumn(site.loss, training.outputs)
    }
    self.loss = loss
    func place(_ source: LoopSite.Source) -> UnsafeRawPointer {
      switch source {
      case .wrt(let index): UnsafeRawPointer(parameters.point + parameters.parts[index].start)
      case .state(let index): UnsafeRawPointer(carried[index].bytes)
      case .stream, .fixed: preconditionFailure("the body feeds itself with these")
      }
    }
    var wrt: [ValueID] = []
    var gradients: [UnsafeMutableRawPointer] = []
    var seen = Set<Int>()
    for (input, source) in zip(training.body.inputs, training.sources) {
      guard case .wrt(let index) = source else { continue }
      precondition(seen.insert(index).inserted, "\"\(site.wrt[index].name)\" enters the body twice")
      wrt.append(input)
      gradients.append(UnsafeMutableRawPointer(parameters.gradient + parameters.parts[index].start))
    }
    let held = MinimizeLoop().workingBytes(attributes, slab: 4 * parameters.count, steps: nil)
    let body = try BodyRun(
      training, Demand(loss: training.body.outputs[loss], wrt: wrt, held: held), site.compiler, seed: site.seed,
      gradients: gradients, place: place)
    self.body = body
    logged = MinimizeSession.logged(site, body, loss: loss)
    validation =
      if let measured = site.validation {
        try Validation(
          BodyRun(measured, Demand(), site.compiler, seed: site.seed, place: place), site,
          trainingPass: body.passLength)
      } else { nil }
    columns =
      ([loss] + logged).map { training.outputs[$0] } + (schedule == nil ? [] : ["lr"])
      + (parameters.hasPenalty ? ["l2"] : []) + ["grad_norm"] + (validation?.columns ?? [])

    examples = training.streams.map(\.examples).max()
    let (method, settings) = try Minimize.method(attributes)
    let sweep = Sweep { count, body in Team.shared.parallel(chunks: count) { body($0) } }
    optimizer = method.make(settings, parameters.count, sweep)
    if case .list(let memory)? = site.given["memory"] {
      try OptimizerMemory.restore(memory, to: &optimizer, shape: try shape(of: parameters), method, settings)
    }
    // What cannot be given out is said before the first step, not after the last.
    if attributes.bool("memory") { _ = try memory() }
  }

  /// The site without the tensors that are copied or prepared when the session opens, and may be large.
  private static func remembered(_ site: LoopSite) -> LoopSite {
    let frozen = Set(site.weights.flatMap(\.fixed.values).map { ObjectIdentifier($0.buffer) })
    let nothing = Tensor(shape: [0], [Float]())
    let sources = site.training.sources.map { source -> LoopSite.Source in
      if case .fixed(let tensor) = source, !frozen.contains(ObjectIdentifier(tensor.buffer)) { return .fixed(nothing) }
      return source
    }
    let training = LoopSite.Program(
      body: site.training.body, sources: sources, streams: site.training.streams, outputs: site.training.outputs)
    return LoopSite(
      attributes: site.attributes, training: training, wrt: [], states: site.states, weights: site.weights,
      given: site.given, loss: site.loss, seed: site.seed, compiler: site.compiler)
  }

  /// The shape of the only tensor that is optimised.
  private func shape(of parameters: Parameters) throws(Fault) -> [Int] {
    guard parameters.parts.count == 1 else { throw .memoryOfMany(parameters.parts.map(\.name)) }
    return parameters.parts[0].shape
  }

  private func memory() throws(Fault) -> Value {
    try OptimizerMemory.values(
      optimizer, shape: try shape(of: parameters), method: site.attributes.string("method"))
  }

  /// The outputs that become columns after the loss.
  private static func logged(_ site: LoopSite, _ body: BodyRun, loss: Int) -> [Int] {
    if site.attributes.has("log") {
      return site.attributes.strings("log").compactMap { body.names.firstIndex(of: $0) }.filter { $0 != loss }
    }
    return body.scalars.filter { $0 != loss }
  }

  func step(_ context: RunContext) throws(Fault) -> StepReport {
    let step = Int(context.step)
    try body.run(step, context)
    let (penalty, norm) = parameters.addPenalties()
    let value = body.scalar(loss) + penalty
    guard value.isFinite else { throw .lossNotFinite(body.names[loss], value, step: context.step) }
    // A gradient may overflow before the loss does; an update would then spoil the whole point.
    guard norm.isFinite else { throw .gradientNotFinite(body.names[loss], step: context.step) }
    if let clipNorm { parameters.clip(to: clipNorm, norm: norm) }
    if let schedule { optimizer.rate = schedule.rate(step) }
    var row = [value] + logged.map(body.scalar)
    if schedule != nil { row.append(optimizer.rate) }
    if parameters.hasPenalty { row.append(penalty) }
    row.append(norm)
    let outcome = optimizer.tell(
      loss: value, gradient: UnsafeBufferPointer(start: parameters.gradient, count: parameters.count),
      point: UnsafeMutableBufferPointer(start: parameters.point, count: parameters.count))
    if let clamp, step < clampSteps { parameters.confine(to: clamp) }
    parameters.moveAverage()
    for (state, buffer) in zip(site.states, carried) {
      buffer.bytes.copyMemory(from: body.outputs[state.output].bytes, byteCount: buffer.byteCount)
    }
    steps += 1
    var score: Double? = value
    if let validation {
      score = nil
      if (step + 1) % validation.every == 0 {
        let measured = try validation.measure(context)
        row += measured.means
        score = measured.score.isNaN ? nil : measured.score
      } else {
        row += validation.blanks
      }
    }
    return StepReport(loss: value, log: row, score: score, finished: finished(outcome))
  }

  /// Only where no further step would move the point: after the tests on loss and move a method may still go on.
  private func finished(_ outcome: Outcome) -> String? {
    switch outcome {
    case .settled(.gradient): "the gradient is within the tolerance of zero"
    case .settled(.slope): "the loss has no slope along the direction of search"
    default: nil
    }
  }

  // MARK: Values

  func value(_ name: String) -> Value? {
    if let weights = site.weights.first(where: { $0.name == name }) { return .weights(set(weights, averaged: false)) }
    if let part = parameters.parts.first(where: { $0.name == name }) { return .tensor(parameters.tensor(part)) }
    if let index = site.states.firstIndex(where: { $0.name == name }) { return .tensor(tensor(state: index)) }
    if name.hasSuffix(".ema"), site.attributes.has("ema") {
      let base = name.dropLast(4)
      if let weights = site.weights.first(where: { $0.name == base }) { return .weights(set(weights, averaged: true)) }
      if let part = parameters.parts.first(where: { $0.name == base }) {
        return .tensor(parameters.average(part, after: Int(steps)))
      }
    }
    if name == "memory" { return site.attributes.bool("memory") ? try? memory() : .list([]) }
    if name == "summary" { return TrainingSummary.value(site) }
    guard steps > 0, let index = body.names.firstIndex(of: name) else { return nil }
    return .tensor(body.tensor(index))
  }

  private func tensor(state index: Int) -> Tensor {
    let start = site.states[index].start
    let fresh = Buffer(byteCount: start.byteCount)
    fresh.bytes.copyMemory(from: carried[index].bytes, byteCount: start.byteCount)
    return Tensor(dtype: start.dtype, shape: start.shape, buffer: fresh)
  }

  /// The weights as they are now: what they started as, with what moved replaced.
  private func set(_ weights: LoopSite.Weights, averaged: Bool) -> WeightSet {
    var tensors = weights.fixed
    for (name, member) in weights.members {
      switch member {
      case .wrt(let index):
        let part = parameters.parts[index]
        tensors[name] = averaged ? parameters.average(part, after: Int(steps)) : parameters.tensor(part)
      case .state(let index): tensors[name] = tensor(state: index)
      }
    }
    var types = weights.start.types
    var hasher = ContentHasher()
    hasher.combine("trained weights")
    hasher.combine(weights.start.digest)
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      types[name] = TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) })
      hasher.combine(name)
      hasher.combine(tensor.digest)
    }
    let made = tensors
    let start = weights.start
    return WeightSet(types: types, digest: hasher.digest, source: "the trained weights", isResult: true) {
      name throws(Fault) in
      if let tensor = made[name] { return tensor }
      return try start.tensor(name)
    }
  }

  // MARK: State

  /// The point, what is carried, the last outputs (a loop that resumes at its end still has values to keep) and the
  /// optimiser's memory.
  var state: [(name: String, tensor: Tensor)] {
    var entries: [(name: String, tensor: Tensor)] = [("steps", Tensor(shape: [1], [Int64(steps)]))]
    entries += parameters.state
    entries += site.states.indices.map { ("state.\(site.states[$0].name)", tensor(state: $0)) }
    if steps > 0 { entries += body.names.indices.map { ("output.\(body.names[$0])", body.tensor($0)) } }
    return entries + optimizer.state.map { ("optimizer.\($0.name)", $0.tensor) }
  }

  func restore(_ state: [(name: String, tensor: Tensor)]) throws(Fault) {
    var memory: [NamedTensor] = []
    var values: [String: Tensor] = [:]
    for (name, tensor) in state {
      if name.hasPrefix("optimizer.") {
        memory.append((String(name.dropFirst("optimizer.".count)), tensor))
      } else {
        values[name] = tensor
      }
    }
    guard let counted = values["steps"], counted.dtype == .i64, counted.shape == [1] else {
      throw .badLoopState("\"steps\" is missing")
    }
    let steps = counted.elements(Int64.self)[0]
    guard steps >= 0 else { throw .badLoopState("it counts \(steps) steps") }
    var places = parameters.destinations()
    for (state, buffer) in zip(site.states, carried) {
      places.append(
        ("state.\(state.name)", Concrete(dtype: state.start.dtype, shape: state.start.shape), buffer.bytes))
    }
    if steps > 0 {
      for (index, name) in body.names.enumerated() {
        places.append(("output.\(name)", body.program.outputs[index], body.outputs[index].bytes))
      }
    }
    var copies: [(from: Tensor, to: UnsafeMutableRawPointer)] = []
    for place in places { copies.append((try find(place.name, place.type, in: values), place.memory)) }
    // Nothing is written before everything fits.
    try optimizer.restore(memory)
    for (from, to) in copies where from.byteCount > 0 {
      to.copyMemory(from: from.bytes.baseAddress!, byteCount: from.byteCount)
    }
    self.steps = UInt64(steps)
  }

  private func find(_ name: String, _ type: Concrete, in values: [String: Tensor]) throws(Fault) -> Tensor {
    guard let tensor = values[name] else { throw .badLoopState("\"\(name)\" is missing") }
    guard tensor.dtype == type.dtype, tensor.shape == type.shape else {
      throw .badLoopState(
        "\"\(name)\" is \(tensor.dtype.rawValue)\(tensor.shape), not \(type.dtype.rawValue)\(type.shape)")
    }
    return tensor
  }
}
