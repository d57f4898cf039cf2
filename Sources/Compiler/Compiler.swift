import Autodiff
import Language
import Synchronization
import Tensors
import Workers

/// Turns regions into programs: adjoint, merge, prune, absorb, choose kernels and layouts, plan memory.
public final class Compiler: RegionCompiler {
  private struct Key: Hashable {
    let region: Digest
    let demand: Demand
  }

  private let registry: Registry
  private let team: Team
  private let store = PreparedStore()
  let slabs: SlabPool
  private let memo: Mutex<Memo<Key, Program>>
  private let gradientLimit: Int

  /// - Parameters:
  ///   - memoryLimit: bytes of working memory kept for the next run of any program, and bytes of memoised programs, of
  ///     which the least recently used are forgotten first.
  ///   - gradientLimit: bytes that a program with a gradient should keep to, with its inputs and outputs and what its
  ///     caller holds: where it needs more, activations are computed again instead of kept.
  public init(
    registry: Registry, team: Team = .shared, memoryLimit: Int = 1 << 30, gradientLimit: Int = .max
  ) {
    self.registry = registry
    self.team = team
    self.gradientLimit = gradientLimit
    slabs = SlabPool(limit: memoryLimit)
    memo = Mutex(Memo(costLimit: memoryLimit, countLimit: 1024))
  }

  public func compile(_ region: Region, _ demand: Demand) throws(Fault) -> any Executable {
    let program = try program(region, demand)
    // Before anything is allocated: a size in a damaged model file must not take the machine down.
    let bytes = program.totalBytes
    guard bytes <= PhysicalMemory.byteCount else { throw .exceedsMachine(bytes, PhysicalMemory.byteCount) }
    return program
  }

  public func footprint(_ region: Region, _ demand: Demand, holding positions: Set<Int>?) throws(Fault) -> Footprint {
    let program = try program(region, demand)
    // Prepared forms are found with memory that nobody touches, but even that the machine may refuse.
    guard program.totalBytes <= PhysicalMemory.byteCount else {
      return Footprint(workspaceBytes: program.workspaceBytes)
    }
    return program.footprint(holding: positions)
  }

  private func program(_ region: Region, _ demand: Demand) throws(Fault) -> Program {
    let key = Key(region: region.digest, demand: demand)
    let known = memo.withLock { $0.find(key) }
    // What has a gradient runs in a long loop: memory that others keep for their next run had better serve it.
    if demand.loss != nil {
      slabs.release(but: known?.workspaceBytes)
      Buffer.releaseKept()
    }
    if let known { return known }
    let source = try demand.batch.map { batch throws(Fault) in
      try Stacking.region(region, batch, registry: registry)
    }
    let program = try build(source ?? region, demand)
    memo.withLock { $0.insert(program, for: key, cost: program.ownBytes) }
    return program
  }

  public func gainsFromBatching(_ region: Region, isShared: [Bool]) -> Bool {
    Stacking.pays(region, isShared: isShared)
  }

  /// The operand that a node hands on as it is.
  private static func kept(_ node: Region.Node, _ region: Region) -> ValueID? {
    guard case .numeric(let numeric) = node.op.action, let pointwise = numeric.pointwise, node.results.count == 1 else {
      return nil
    }
    let site = Site(
      attributes: node.attributes, operands: node.operands.map { $0.map { region.concrete($0) } },
      results: [region.concrete(node.results[0])])
    guard let way = pointwise(site).first(where: { $0.kind == .keep }) else { return nil }
    return node.operands.flatMap { $0 }[way.operand]
  }

  private func build(_ source: Region, _ demand: Demand) throws(Fault) -> Program {
    var emitter = Emitter(registry: registry, region: source)
    var wanted = source.outputs
    if let loss = demand.loss {
      wanted += try Adjoints.extend(&emitter, loss: loss, wrt: demand.wrt)
    }
    let region = emitter.region
    let (merged, stands) = Prune.merge(region.nodes, valueCount: region.types.count) { Self.kept($0, region) }
    wanted = wanted.map { stands[$0] }
    let nodes = Prune.live(merged, wanted: wanted, valueCount: region.types.count)
    guard demand.loss != nil else { return try lowered(nodes, region, wanted, demand) }
    return try withGradient(nodes, forward: source.types.count, emitter, wanted, demand)
  }

  private func lowered(
    _ nodes: [Region.Node], _ region: Region, _ wanted: [ValueID], _ demand: Demand
  ) throws(Fault) -> Program {
    Lowering(try Blueprint(region: region, nodes: nodes, wanted: wanted, demand: demand)).program(
      team: team, store: store, slabs: slabs)
  }

  /// - Parameter forward: the number of values that are no gradient's; theirs come first.
  private func withGradient(
    _ nodes: [Region.Node], forward: Int, _ emitter: Emitter, _ wanted: [ValueID], _ demand: Demand
  ) throws(Fault) -> Program {
    let region = emitter.region
    let given = Set(region.inputs).union(region.constants.keys)
    func bytes(_ value: ValueID) -> Int { given.contains(value) ? 0 : region.concrete(value).byteCount }
    let gradients = nodes.firstIndex { $0.results[0] >= forward } ?? nodes.count
    let ordered = Ordering.compact(nodes, gradients: gradients, valueCount: region.types.count, bytes: bytes)
    var best = try lowered(ordered, region, wanted, demand)
    let besides = region.inputs.reduce(demand.held) { $0 + region.concrete($1).byteCount }
    let plan = Recomputation(nodes: ordered, gradients: gradients, wanted: Set(wanted), bytes: bytes)
    for count in Recomputation.counts where best.totalBytes > gradientLimit - min(besides, gradientLimit) {
      var trial = emitter
      let segmented = try plan.segmented(count) { (node, operands) throws(Fault) in
        _ = try trial.emit(node.op, operands, node.attributes, label: node.label + " again", position: node.position)
        return trial.region.nodes.last!
      }
      let program = try lowered(segmented, trial.region, wanted, demand)
      if program.totalBytes < best.totalBytes { best = program }
    }
    return best
  }
}
