import Graph
import Language
import Tensors

/// The most memory that a graph needs at one time, found without running it: values between nodes, and the working
/// memory of compiled components and of loops. What has no known size before a run counts as nothing.
struct PeakMemory {
  let registry: Registry
  let compiler: any RegionCompiler
  /// Items of a map in flight at most.
  let inflight: Int
  /// Whether more may be, so that they can run together.
  let gathers: Bool
  /// Sizes that an earlier run measured, by path of the node.
  let measured: (FlatGraph.Node) -> Int?

  struct Peak {
    var bytes = 0
    /// The node that runs then.
    var path: String?
  }

  /// Walks the units that run, in their order, and adds up what is alive.
  func peak(_ outline: Outline, runs: (Int) -> Bool) -> Peak {
    let order = outline.units.indices.filter { outline.units[$0].nodes.contains(where: runs) }
      .sorted { outline.units[$0].order < outline.units[$1].order }
    var readers: [Int: Int] = [:]
    for unit in order { for value in outline.units[unit].inputs { readers[value, default: 0] += 1 } }
    var bytesOf: [Int: Int] = [:]
    var alive = 0
    var peak = Peak()
    for unit in order {
      for value in outline.units[unit].outputs {
        let node = outline.graph.nodes[outline.maker[value]]
        let own = outline.graph.types[value].bytes
        bytesOf[value] = own ?? (measured(node) ?? 0) / max(1, node.results.count)
        alive += bytesOf[value]!
      }
      let working = working(outline, unit)
      if alive + working.bytes > peak.bytes {
        let node = outline.graph.nodes[outline.units[unit].nodes.last!]
        peak = Peak(bytes: alive + working.bytes, path: working.path ?? node.path)
      }
      for value in outline.units[unit].inputs {
        readers[value]! -= 1
        if readers[value] == 0, !outline.isWanted[value] { alive -= bytesOf[value] ?? 0 }
      }
    }
    return peak
  }

  /// What a unit needs while it runs, besides its inputs and outputs.
  private func working(_ outline: Outline, _ unit: Int) -> Peak {
    let index = outline.units[unit].nodes[0]
    let node = outline.graph.nodes[index]
    let bodies = outline.bodies[index] ?? []
    switch outline.units[unit].kind {
    case .host: return Peak()
    case .numeric: return Peak(bytes: component(outline, unit) ?? 0)
    case .map:
      let inner = peak(bodies[0]) { _ in true }
      let items = inner.bytes * max(1, min(inflight, node.policy.inflight ?? inflight))
      let mayGather = gathers && node.policy.inflight == nil && node.policy.batch != 1
      return Peak(bytes: items + (mayGather ? Gatherer.mostBytes(item: inner.bytes) : 0), path: inner.path)
    case .branch: return bodies.map { peak($0) { _ in true } }.max { $0.bytes < $1.bytes } ?? Peak()
    case .loop: return peak(bodies[0]) { _ in true }
    case .minimize: return Peak(bytes: session(node) ?? 0)
    }
  }

  private func component(_ outline: Outline, _ unit: Int) -> Int? {
    let (nodes, inputs) = outline.reach(unit, outline.units[unit].outputs)
    guard let values = placeholders(inputs, outline.graph) else { return nil }
    var builder = RegionBuilder(outline.graph, values: values, positions: [:], registry: registry)
    do throws(Fault) {
      for index in nodes { try builder.add(index, pathPrefix: "") }
      builder.emitter.setOutputs(outline.units[unit].outputs.compactMap { builder.defined[$0] })
      guard builder.emitter.region.types.allSatisfy({ $0.bytes != nil }) else { return nil }
      return try compiler.compile(builder.emitter.region, Demand()).workspaceBytes
    } catch { return nil }
  }

  /// The compiled body of a minimisation with its gradient, and what the method carries.
  private func session(_ node: FlatGraph.Node) -> Int? {
    guard case .minimize(let body, _, _, _, let loss, _) = node.structure, case .loop(let op) = node.op.action else {
      return nil
    }
    do throws(Fault) {
      let cut = try MinimizeCut(body, pathPrefix: node.path + "/")
      // Weights as a whole are no operand of the region; the parameters taken out of them are.
      let entering = cut.origins.keys.filter { body.graph.types[$0] != .weights }
      guard let starts = placeholders(Array(entering), body.graph), let fixed = placeholders(cut.fixed, body.graph)
      else { return nil }
      var builder = RegionBuilder(
        body.graph, values: fixed.merging(starts) { $1 }, positions: [:], registry: registry)
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
      let held = op.workingBytes(node.attributes, slab: slab)
      let program = try compiler.compile(region, Demand(loss: lossID, wrt: inputs, held: held))
      return program.workspaceBytes + program.outputs.reduce(0) { $0 + $1.byteCount } + held
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
}
