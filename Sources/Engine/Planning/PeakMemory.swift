import Graph
import Language
import Tensors

/// The most memory that a graph needs at one time, found without running it: values between nodes, what compiled
/// components and loops work with, and what stays from one to the next: prepared weights, working memory kept for the
/// next run. What has no known size before a run counts as nothing, and so does what the process takes by itself.
struct PeakMemory {
  let registry: Registry
  let compiler: any RegionCompiler
  /// Items of a map in flight at most.
  let inflight: Int
  /// Whether more may be, so that they can run together.
  let gathers: Bool
  /// Whether loops write their states.
  let checkpoints: Bool
  /// Sizes that an earlier run measured, by path of the node.
  let measured: (FlatGraph.Node) -> Int?

  struct Peak {
    var bytes = 0
    /// The node that runs then.
    var path: String?
  }

  /// A value, whichever body reads it.
  struct Origin: Hashable {
    let outline: ObjectIdentifier
    let value: Int
    /// Of an element somewhere inside it.
    var path: [Int] = []
  }

  /// What is in memory and stays there when a unit has run.
  struct Kept {
    struct Form: Hashable {
      let name: String
      let origins: [Origin]
    }

    /// Bytes of prepared forms.
    private var forms: [Form: Int] = [:]
    /// Of those that are a program's own, and of mapped files that were read.
    private var own = 0
    private var read = Set<Origin>()
    /// The working memory of runs.
    var workspace = 0

    var bytes: Int { forms.values.reduce(own + workspace, +) }

    /// - Parameter mapped: bytes of a parameter in a mapped file; nil of anything else.
    mutating func add(_ footprint: Footprint, _ sources: [Origin], mapped: (Origin) -> Int?) {
      workspace = max(workspace, footprint.workspaceBytes)
      for form in footprint.forms {
        if let name = form.name {
          forms[Form(name: name, origins: form.inputs.map { sources[$0] })] = form.bytes
        } else {
          own += form.bytes
        }
      }
      for position in footprint.read where position < sources.count {
        if let bytes = mapped(sources[position]), read.insert(sources[position]).inserted { own += bytes }
      }
    }
  }

  /// One graph during the walk: its outline, and what the values of bodies stand for outside.
  struct Scene {
    let outline: Outline
    let origins: [Int: Origin]
    /// Of lists whose length is known, by value.
    var counts: [Int: Int] = [:]
    /// The outlines around it, the nearest first.
    var above: [Outline] = []

    var all: [Outline] { [outline] + above }

    func origin(_ value: Int, _ path: [Int] = []) -> Origin {
      var origin = origins[value] ?? Origin(outline: ObjectIdentifier(outline), value: value)
      origin.path += path
      return origin
    }

    func type(_ operand: FlatGraph.Operand) -> ValueType {
      if case .value(let value) = operand { outline.graph.types[value] } else { .any }
    }
  }

  /// Walks the units that run, in their order, and adds up what is in memory.
  func peak(_ outline: Outline, runs: (Int) -> Bool) -> Peak {
    var kept = Kept()
    return walk(Scene(outline: outline, origins: [:]), &kept, runs: runs)
  }

  private func walk(_ scene: Scene, _ kept: inout Kept, runs: (Int) -> Bool) -> Peak {
    var scene = scene
    let outline = scene.outline
    let order = outline.units.indices.filter { outline.units[$0].nodes.contains(where: runs) }
      .sorted { outline.units[$0].order < outline.units[$1].order }
    var readers: [Int: Int] = [:]
    for unit in order { for value in outline.units[unit].inputs { readers[value, default: 0] += 1 } }
    var bytesOf: [Int: Int] = [:]
    var alive = 0
    var peak = Peak()
    for unit in order {
      count(&scene, unit)
      for value in outline.units[unit].outputs {
        bytesOf[value] = bytes(of: value, scene)
        alive += bytesOf[value]!
      }
      let ending = outline.units[unit].inputs.filter { readers[$0] == 1 && !outline.isWanted[$0] }
      let dying = Dictionary(ending.map { (scene.origin($0), bytesOf[$0] ?? 0) }, uniquingKeysWith: +)
      let working = working(scene, unit, dying, &kept)
      if alive + kept.bytes + working.bytes > peak.bytes {
        let node = outline.graph.nodes[outline.units[unit].nodes.last!]
        peak = Peak(bytes: alive + kept.bytes + working.bytes, path: working.path ?? node.path)
      }
      for value in outline.units[unit].inputs {
        readers[value]! -= 1
        if readers[value] == 0, !outline.isWanted[value] { alive -= bytesOf[value] ?? 0 }
      }
    }
    return peak
  }

  /// Notes how long the lists are that a unit makes.
  private func count(_ scene: inout Scene, _ unit: Int) {
    let node = scene.outline.graph.nodes[scene.outline.units[unit].nodes[0]]
    switch node.structure {
    case .map(let body):
      let counts = body.bindings.compactMap { binding -> Int? in
        guard case .each(.value(let list)) = binding else { return nil }
        if case .tuple(let items) = scene.outline.graph.types[list] { return items.count }
        return scene.counts[list]
      }
      if let count = counts.first { for value in node.results { scene.counts[value] = count } }
    case .loop(_, let states, let plan), .minimize(_, _, _, let states, _, let plan):
      guard let steps = plan.steps else { return }
      for keep in plan.keep where keep.mode == .all {
        let port = FlatGraph.LoopPlan.port(keep.name, keep.mode, states: states.map(\.name))
        guard let place = node.ports.firstIndex(of: port) else { continue }
        scene.counts[node.results[place]] = steps / max(1, plan.saveEvery ?? 1)
      }
    case .plain, .branch: return
    }
  }

  private func bytes(of value: Int, _ scene: Scene) -> Int {
    let node = scene.outline.graph.nodes[scene.outline.maker[value]]
    // Pages of a file come into memory only when they are read.
    if isMapped(node, scene.outline) { return 0 }
    if let own = scene.outline.graph.types[value].bytes(count: scene.counts[value]) { return own }
    return (measured(node) ?? 0) / max(1, node.results.count)
  }

  /// Whether the node takes a parameter out of a file of weights.
  private func isMapped(_ node: FlatGraph.Node, _ outline: Outline) -> Bool {
    guard node.parameterName != nil, case .value(let set)? = node.operands[0].first, outline.maker[set] >= 0 else {
      return false
    }
    return outline.graph.nodes[outline.maker[set]].opensWeights
  }

  /// What a unit needs while it runs, besides its inputs and outputs and what stays.
  ///
  /// - Parameter dying: its inputs that nobody reads afterwards, with their bytes.
  private func working(_ scene: Scene, _ unit: Int, _ dying: [Origin: Int], _ kept: inout Kept) -> Peak {
    let index = scene.outline.units[unit].nodes[0]
    let node = scene.outline.graph.nodes[index]
    let bodies = scene.outline.bodies[index] ?? []
    switch scene.outline.units[unit].kind {
    case .host: return Peak()
    case .numeric:
      if let (footprint, sources) = component(scene, unit) { kept.add(footprint, sources) { mapped($0, scene) } }
      return Peak()
    case .map:
      var one = kept
      one.workspace = 0
      let inner = walk(body(bodies[0], node.bodies[0], scene), &one) { _ in true }
      let items = max(1, min(inflight, node.policy.inflight ?? inflight))
      let item = max(0, inner.bytes - one.bytes)
      let mayGather = gathers && node.policy.inflight == nil && node.policy.batch != 1
      let gathered = mayGather ? Gatherer.mostBytes(item: item + one.workspace) : 0
      one.workspace = max(kept.workspace, items * one.workspace)
      kept = one
      return Peak(bytes: items * item + gathered, path: inner.path)
    case .branch:
      let arms = zip(bodies, node.bodies).map { outline, arm in inside(body(outline, arm, scene), &kept) }
      return arms.max { $0.bytes < $1.bytes } ?? Peak()
    case .loop:
      var peak = inside(body(bodies[0], node.bodies[0], scene), &kept)
      peak.bytes += carried(scene, node, bodies[0])
      return peak
    case .minimize: return session(scene, node, dying, &kept) ?? Peak()
    }
  }

  /// What a loop hands from step to step, beyond its results, which count already: a state that starts empty tells no size
  /// by its start.
  private func carried(_ scene: Scene, _ node: FlatGraph.Node, _ body: Outline) -> Int {
    guard case .loop(_, let states, let plan) = node.structure else { return 0 }
    return states.reduce(0) { sum, state in
      guard let place = node.ports.firstIndex(of: state.name),
        let output = body.graph.outputs.first(where: { $0.name == state.name }), case .value(let value) = output.operand
      else { return sum }
      let most = body.graph.types[value].bytes(count: nil) ?? grown(value, body, steps: plan.steps)
      return sum + max(0, most - bytes(of: node.results[place], scene))
    }
  }

  /// What a value without a known size comes to within so many steps, where its op says so.
  private func grown(_ value: Int, _ outline: Outline, steps: Int?) -> Int {
    guard outline.maker[value] >= 0 else { return 0 }
    let maker = outline.graph.nodes[outline.maker[value]]
    guard case .host(let host) = maker.op.action, let grown = host.grown,
      case .value(let first)? = maker.operands.first?.first
    else { return 0 }
    return grown(maker.attributes, outline.graph.types[first].bytes ?? 0, steps)
  }

  /// The peak of a body, beyond what is kept afterwards.
  private func inside(_ scene: Scene, _ kept: inout Kept) -> Peak {
    let peak = walk(scene, &kept) { _ in true }
    return Peak(bytes: max(0, peak.bytes - kept.bytes), path: peak.path)
  }

  private func body(_ outline: Outline, _ body: FlatGraph.Body, _ outer: Scene) -> Scene {
    var origins: [Int: Origin] = [:]
    for (input, binding) in zip(body.graph.inputs, body.bindings) {
      if case .shared(.value(let value)) = binding { origins[input.value] = outer.origin(value) }
    }
    return Scene(outline: outline, origins: origins, above: outer.all)
  }

  /// Bytes of a parameter that lies in a mapped file; nil of anything else.
  private func mapped(_ origin: Origin, _ scene: Scene) -> Int? {
    guard let outline = scene.all.first(where: { ObjectIdentifier($0) == origin.outline }),
      outline.maker[origin.value] >= 0, isMapped(outline.graph.nodes[outline.maker[origin.value]], outline)
    else { return nil }
    return outline.graph.types[origin.value].bytes
  }

  private func component(_ scene: Scene, _ unit: Int) -> (Footprint, [Origin])? {
    let outline = scene.outline
    let (nodes, inputs) = outline.reach(unit, outline.units[unit].outputs)
    guard let values = placeholders(inputs, outline.graph) else { return nil }
    var builder = RegionBuilder(
      outline.graph, expected: nodes.count, values: values, positions: [:], registry: registry)
    do throws(Fault) {
      for index in nodes { try builder.add(index, pathPrefix: "") }
      builder.emitter.setOutputs(outline.units[unit].outputs.compactMap { builder.defined[$0] })
      guard builder.emitter.region.types.allSatisfy({ $0.bytes != nil }) else { return nil }
      let footprint = try compiler.footprint(builder.emitter.region, Demand(), holding: nil)
      return (footprint, builder.sources.map { scene.origin($0.value, $0.path) })
    } catch { return nil }
  }

  /// The compiled body of a minimisation with its gradient, and what the method carries.
  private func session(
    _ outer: Scene, _ node: FlatGraph.Node, _ dying: [Origin: Int], _ kept: inout Kept
  ) -> Peak? {
    guard case .minimize(let body, _, let wrt, let states, let loss, let plan) = node.structure,
      case .loop(let op) = node.op.action
    else { return nil }
    do throws(Fault) {
      let cut = try MinimizeCut(body, pathPrefix: node.path + "/")
      let scene = self.body(Outline(body.graph, wanted: cut.fixed), body, outer)
      let before = walk(scene, &kept) { _ in true }
      // Weights as a whole are no operand of the region; the parameters taken out of them are.
      let entering = cut.origins.keys.filter { body.graph.types[$0] != .weights }
      guard let starts = placeholders(Array(entering), body.graph), let fixed = placeholders(cut.fixed, body.graph)
      else { return nil }
      var builder = RegionBuilder(
        body.graph, expected: cut.moving.count, values: fixed.merging(starts) { $1 }, positions: [:],
        registry: registry)
      for index in cut.moving { try builder.add(index, pathPrefix: "") }
      var ids: [ValueID] = []
      var lossID: ValueID?
      for output in body.graph.outputs {
        guard case .value(let value) = output.operand, let id = builder.defined[value] else { continue }
        ids.append(id)
        if output.name == loss { lossID = id }
      }
      guard let lossID else { return nil }
      builder.emitter.setOutputs(ids)
      let region = builder.emitter.region
      guard region.types.allSatisfy({ $0.bytes != nil }) else { return nil }
      let inputs = zip(region.inputs, builder.sources).filter { cut.isOptimised($1.value) }.map(\.0)
      let slab = starts.filter { cut.isOptimised($0.key) }.reduce(0) { $0 + $1.value.byteCount }
      let demand = Demand(
        loss: lossID, wrt: inputs, held: op.workingBytes(node.attributes, slab: slab, steps: nil))
      let sources = builder.sources.map { scene.origin($0.value, $0.path) }
      let steady = sources.indices.filter { cut.origins[builder.sources[$0].value] == nil }
      let footprint = try compiler.footprint(region, demand, holding: Set(steady))

      // Opening the session gives back what runs before it worked with.
      kept.workspace = 0
      var during = kept
      during.add(footprint, sources) { mapped($0, scene) }
      let forms = during.bytes - kept.bytes - during.workspace
      // What it does not read as it is goes before the first step, if nobody else has it.
      let read = Set(footprint.read.map { scene.origin(builder.sources[$0].value) })
      let gone = dying.reduce(0) { $0 + (read.contains($1.key) ? 0 : $1.value) }
      let made = cut.fixed.filter { scene.outline.maker[$0] >= 0 && read.contains(scene.origin($0)) }
        .reduce(0) { $0 + bytes(of: $1, scene) }
      kept.workspace = during.workspace
      let carried = op.workingBytes(node.attributes, slab: slab, steps: plan.steps)
      let outputs = ids.reduce(0) { $0 + region.concrete($1).byteCount }
      let streamed = cut.origins.reduce(0) { sum, origin in
        guard case .stream = origin.value else { return sum }
        // The element in use and those made ahead.
        return sum + 3 * (starts[origin.key]?.byteCount ?? 0)
      }
      // What it gives is made while it still stands; weights that it gives have no type with a size.
      let given = (wrt + states).contains { outer.type($0.start) == .weights } ? slab : 0
      let state = checkpoints ? op.stateBytes(node.attributes, slab: slab) + outputs : 0
      let most = made + forms + carried + outputs + streamed + max(given, state) - gone
      return Peak(bytes: max(most, before.bytes - kept.bytes))
    } catch { return nil }
  }

  /// Values of the right types whose memory is never touched; nil where a type is not known to the last number.
  private func placeholders(_ indices: [Int], _ graph: FlatGraph) -> [Int: Value]? {
    var values: [Int: Value] = [:]
    for index in indices {
      guard let value = placeholder(graph.types[index]) else { return nil }
      values[index] = value
    }
    return values
  }

  private func placeholder(_ type: ValueType) -> Value? {
    switch type {
    case .number: return .number(0)
    case .int: return .int(0)
    case .bool: return .bool(false)
    case .tuple(let elements):
      let values = elements.compactMap { placeholder($0) }
      return values.count == elements.count ? .list(values) : nil
    default:
      guard let (dtype, shape) = type.concrete, let bytes = type.bytes else { return nil }
      return Value(Tensor(dtype: dtype, shape: shape, buffer: Buffer(byteCount: bytes)), as: type)
    }
  }
}

extension ValueType {
  /// Bytes of a value of this type, where every extent is known; nil also where there are more than can be.
  var bytes: Int? {
    guard let (dtype, shape) = concrete else { return nil }
    let count = Concrete(dtype: dtype, shape: shape).byteCount
    return count < 1 << 46 ? count : nil
  }

  /// The same, of lists as well: of a list of one type where its length is known.
  fileprivate func bytes(count: Int?) -> Int? {
    switch self {
    case .list(let element): return count.flatMap { count in element.bytes(count: nil).map { $0 * count } }
    case .tuple(let elements):
      let sizes = elements.compactMap { $0.bytes(count: nil) }
      return sizes.count == elements.count ? sizes.reduce(0, +) : nil
    case .optional(let inner): return inner.bytes(count: count)
    default: return bytes
    }
  }
}
