import Language
import Synchronization
import Tensors
import Workers

/// What all executions of one run share.
final class RunScope: Sendable {
  let registry: Registry
  let compiler: any RegionCompiler
  let pool: JobPool
  let store: ResultStore?
  let keys: KeyMaker
  let seed: UInt64
  let observer: (any EngineObserver)?
  let programs: ProgramObserver?
  let trap: NaNTrap?
  let cancel: CancelToken
  let costs: CostBook
  let ledger: RunLedger
  /// Items of a map in flight at most; nil: no bound of this run.
  let inflight: Int?
  private let ranCount = Atomic<Int>(0)
  private let cachedCount = Atomic<Int>(0)
  private let sequence = Atomic<Int>(0)

  init(
    registry: Registry, compiler: any RegionCompiler, pool: JobPool, store: ResultStore?, keys: KeyMaker, seed: UInt64,
    observer: (any EngineObserver)?, programs: ProgramObserver?, trap: NaNTrap?, cancel: CancelToken, costs: CostBook,
    ledger: RunLedger, inflight: Int?
  ) {
    self.registry = registry
    self.compiler = compiler
    self.pool = pool
    self.store = store
    self.keys = keys
    self.seed = seed
    self.observer = observer
    self.programs = programs
    self.trap = trap
    self.cancel = cancel
    self.costs = costs
    self.ledger = ledger
    self.inflight = inflight
  }

  var ran: Int { ranCount.load(ordering: .relaxed) }
  var cached: Int { cachedCount.load(ordering: .relaxed) }

  func count(ran: Int = 0, cached: Int = 0) {
    if ran != 0 { ranCount.add(ran, ordering: .relaxed) }
    if cached != 0 { cachedCount.add(cached, ordering: .relaxed) }
  }

  func nextSequence() -> Int { sequence.add(1, ordering: .relaxed).newValue }

  func send(_ event: @autoclosure () -> EngineEvent) { observer?.happened(event()) }
}
