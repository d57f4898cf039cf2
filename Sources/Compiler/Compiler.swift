import Autodiff
import Language
import Synchronization
import Tensors
import Workers

/// Turns regions into programs: adjoint, merge, prune, choose kernels, plan memory.
public final class Compiler: RegionCompiler {
  private struct Key: Hashable {
    let region: Digest
    let demand: Demand
  }

  private let registry: Registry
  private let team: Team
  private let memo = Mutex<[Key: Program]>([:])

  public init(registry: Registry, team: Team = .shared) {
    self.registry = registry
    self.team = team
  }

  public func compile(_ region: Region, _ demand: Demand) throws(Fault) -> any Executable {
    let key = Key(region: region.digest, demand: demand)
    if let known = memo.withLock({ $0[key] }) { return known }
    let program = try build(region, demand)
    memo.withLock { $0[key] = program }
    return program
  }

  private func build(_ source: Region, _ demand: Demand) throws(Fault) -> Program {
    var emitter = Emitter(registry: registry, region: source)
    var wanted = source.outputs
    if let loss = demand.loss {
      wanted += try Adjoints.extend(&emitter, loss: loss, wrt: demand.wrt)
    }
    let region = emitter.region
    let (merged, stands) = Prune.merge(region.nodes, valueCount: region.types.count)
    wanted = wanted.map { stands[$0] }
    let nodes = Prune.live(merged, wanted: wanted, valueCount: region.types.count)
    return try Lowering(region: region, nodes: nodes, wanted: wanted).program(team: team)
  }
}
