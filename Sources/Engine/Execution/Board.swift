import Language
import Tensors

/// How much of a value somebody needs.
enum Need: Int, Comparable, Sendable {
  /// What keys are made of: the expression that makes the value.
  case key
  /// The digest of its content.
  case content
  /// That and what the files in it are called.
  case named
  /// The value itself, in memory.
  case value

  static func < (a: Need, b: Need) -> Bool { a.rawValue < b.rawValue }
}

/// What is known of one value during an execution.
struct Slot {
  var value: Value?
  var key: Digest?
  var content: Digest?
  /// Digest of its content and of the names of its files, once somebody has asked for it.
  var named: Digest?
  /// Digests of the files it came from.
  var sources: [Digest] = []
  /// Seconds to make it again from what is stored.
  var debt = 0.0
  /// Consumers that may still ask for it.
  var holds = 0
  /// Whether the store has its bytes.
  var isStored = false
  var waiters: [(unit: Int, need: Need)] = []

  func satisfies(_ need: Need) -> Bool {
    switch need {
    case .key: key != nil
    case .content: content != nil
    case .named: named != nil || value != nil
    case .value: value != nil
    }
  }

  /// The most that anybody waits for.
  var pending: Need? { waiters.map(\.need).max() }
}

/// The state of one execution as a pure state machine: it is told what happened and says what can be done next.
///
/// Demand flows up from the wanted values; a unit counts what it still waits for (its in-degree), and whoever brings the
/// last of it makes the unit ready. A unit first asks for the identities of its inputs, then looks its keys up, and only
/// when a result is missing asks for the values.
struct Board {
  enum Action: Sendable {
    /// Choose the body of a branch.
    case decide(Int)
    /// Make keys and look them up.
    case resolve(Int)
    /// Bring stored results into memory.
    case load(Int)
    case run(Int)
    case finish
  }

  enum Stage { case idle, condition, identities, resolving, values, queued }

  struct UnitState {
    var stage = Stage.idle
    var missing = 0
    var hasBegun = false
    var isClosed = false
    /// Of a branch: the body chosen.
    var arm: Int?
    /// Inputs that the unit keeps alive.
    var held: [Int] = []
    var toLoad: [Int] = []
    var toRun: [Int] = []
    /// Values inside a component that need not be computed: content digests of stored ones.
    var cuts: [Int: Digest] = [:]
    /// Nodes executed.
    var ran = 0
    var key: Digest?
    /// Outputs that anybody ever asked about.
    var expected = Set<Int>()
  }

  let outline: Outline
  /// Whether keys are made and the store is asked.
  let isCaching: Bool
  var slots: [Slot]
  var units: [UnitState]
  private(set) var actions: [Action] = []
  private var pokes: [Int] = []
  private var sinkMissing = 0

  init(_ outline: Outline, isCaching: Bool) {
    self.outline = outline
    self.isCaching = isCaching
    slots = outline.consumers.indices.map { value in
      var slot = Slot()
      slot.holds = outline.consumers[value].count + (outline.isWanted[value] ? 1 : 0)
      return slot
    }
    units = outline.units.map { unit in
      var state = UnitState()
      state.held = unit.inputs
      return state
    }
  }

  mutating func takeActions() -> [Action] {
    defer { actions.removeAll(keepingCapacity: true) }
    return actions
  }

  mutating func start() {
    for value in outline.wanted where !want(value, .value, for: -1) { sinkMissing += 1 }
    if sinkMissing == 0 { actions.append(.finish) }
    drain()
  }

  /// Registers interest; true when there is nothing to wait for.
  private mutating func want(_ value: Int, _ need: Need, for unit: Int) -> Bool {
    if slots[value].satisfies(need) { return true }
    let producer = outline.producer[value]
    precondition(producer >= 0, "nobody makes value \(value)")
    slots[value].waiters.append((unit, need))
    units[producer].expected.insert(value)
    pokes.append(producer)
    return false
  }

  private mutating func drain() {
    while let unit = pokes.popLast() { if units[unit].stage == .idle { begin(unit) } }
  }

  private func pendingOutputs(_ unit: Int) -> [Int] {
    outline.units[unit].outputs.filter { !slots[$0].waiters.isEmpty }
  }

  private mutating func begin(_ unit: Int) {
    let pending = pendingOutputs(unit)
    guard !pending.isEmpty else { return }
    units[unit].hasBegun = true
    if outline.units[unit].kind == .branch, units[unit].arm == nil {
      return ask(unit, .condition, outline.conditionValues(unit).map { ($0, .value) })
    }
    if isCaching {
      let asked = units[unit].expected.union(pending).sorted()
      let inputs = outline.units[unit].isNumeric ? outline.reach(unit, asked).inputs : units[unit].held(outline, unit)
      ask(unit, .identities, inputs.map { ($0, outline.identityNeed(of: $0, by: unit)) })
    } else {
      units[unit].expected.formUnion(outline.eagerOutputs(unit))
      act(unit)
    }
  }

  private mutating func ask(_ unit: Int, _ stage: Stage, _ needs: [(Int, Need)]) {
    units[unit].stage = stage
    units[unit].missing = 0
    for (value, need) in needs where !want(value, need, for: unit) { units[unit].missing += 1 }
    if units[unit].missing == 0 { advance(unit) }
  }

  private mutating func advance(_ unit: Int) {
    switch units[unit].stage {
    case .condition: actions.append(.decide(unit))
    case .identities: actions.append(.resolve(unit))
    case .values: actions.append(.run(unit))
    case .idle, .resolving, .queued: preconditionFailure("unit \(unit) waits for nothing")
    }
    units[unit].stage = units[unit].stage == .identities ? .resolving : .queued
  }

  /// Wakes those who waited for what `value` now offers.
  mutating func publish(_ value: Int) {
    let slot = slots[value]
    guard slot.waiters.contains(where: { slot.satisfies($0.need) }) else { return }
    slots[value].waiters = slot.waiters.filter { !slot.satisfies($0.need) }
    for waiter in slot.waiters where slot.satisfies(waiter.need) {
      if waiter.unit < 0 {
        sinkMissing -= 1
        if sinkMissing == 0 { actions.append(.finish) }
      } else {
        units[waiter.unit].missing -= 1
        if units[waiter.unit].missing == 0 { advance(waiter.unit) }
      }
    }
  }

  mutating func decided(_ unit: Int, arm: Int) {
    units[unit].arm = arm
    let needed = outline.branchValues(unit, arm: arm)
    let dropped = units[unit].held.filter { !needed.contains($0) }
    units[unit].held = needed
    for value in dropped { release(value) }
    units[unit].stage = .idle
    begin(unit)
    drain()
  }

  /// Keys are made and looked up: decides what must still be loaded or run.
  mutating func resolved(_ unit: Int) {
    for value in outline.units[unit].outputs { publish(value) }
    act(unit)
    drain()
  }

  mutating func again(_ unit: Int) {
    units[unit].stage = .idle
    begin(unit)
    drain()
  }

  private mutating func act(_ unit: Int) {
    var toLoad: [Int] = []
    var toRun: [Int] = []
    for value in pendingOutputs(unit) {
      switch slots[value].pending! {
      case .value, .named: if slots[value].isStored { toLoad.append(value) } else { toRun.append(value) }
      case .content: toRun.append(value)
      case .key: if !isCaching || slots[value].key == nil { toRun.append(value) }
      }
    }
    if !toRun.isEmpty, outline.units[unit].isNumeric {
      // What nobody has needed yet but is new as well is computed along: its consumers' keys will be new too, and what
      // the outputs share is computed once.
      toRun += outline.units[unit].outputs.filter {
        units[unit].expected.contains($0) && !toRun.contains($0) && slots[$0].value == nil && slots[$0].content == nil
      }
    }
    units[unit].toLoad = toLoad
    units[unit].toRun = toRun
    if !toLoad.isEmpty {
      units[unit].stage = .queued
      actions.append(.load(unit))
    } else if toRun.isEmpty {
      units[unit].stage = .idle
      settle(unit)
    } else {
      let isNumeric = outline.units[unit].isNumeric
      let inputs = isNumeric ? outline.reach(unit, toRun, cuts: cuts(unit)).inputs : units[unit].held(outline, unit)
      // Cut values are fetched by the run itself.
      ask(unit, .values, inputs.filter { outline.producer[$0] != unit }.map { ($0, .value) })
    }
  }

  /// Values of a component that need not be computed again.
  func cuts(_ unit: Int) -> Set<Int> {
    var cuts = Set(units[unit].cuts.keys)
    for value in outline.units[unit].outputs where slots[value].value != nil { cuts.insert(value) }
    return cuts
  }

  /// What loading brought; nil for a result whose entry was damaged or gone.
  mutating func loaded(_ unit: Int, _ values: [(index: Int, value: Value?)]) {
    for (index, value) in values {
      if let value {
        slots[index].value = value
        publish(index)
      } else {
        slots[index].isStored = false
      }
    }
    act(unit)
    drain()
  }

  /// A value of the component itself that the run was to begin from is released: asks for what is needed without it.
  mutating func askAgain(_ unit: Int) {
    act(unit)
    drain()
  }

  mutating func lostCut(_ unit: Int, _ value: Int) {
    units[unit].cuts[value] = nil
    slots[value].isStored = false
    act(unit)
    drain()
  }

  struct Outcome {
    var index: Int
    var value: Value
    var content: Digest?
    var isStored: Bool
  }

  mutating func ran(_ unit: Int, _ outcomes: [Outcome], nodes: Int, sources: [Digest], debt: Double) {
    for outcome in outcomes {
      let index = outcome.index
      if slots[index].holds > 0 || !slots[index].waiters.isEmpty { slots[index].value = outcome.value }
      if let content = outcome.content { slots[index].content = content }
      slots[index].isStored = outcome.isStored
      slots[index].sources = sources
      slots[index].debt = outcome.isStored ? 0 : debt
    }
    units[unit].ran = max(units[unit].ran, nodes)
    units[unit].stage = .idle
    for outcome in outcomes { publish(outcome.index) }
    settle(unit)
    pokes.append(unit)
    drain()
  }

  // MARK: Release

  /// Lets go of the inputs of a unit that will not be asked again.
  private mutating func settle(_ unit: Int) {
    guard !units[unit].isClosed, units[unit].stage == .idle else { return }
    let isDone = outline.units[unit].outputs.allSatisfy {
      slots[$0].holds == 0 || slots[$0].value != nil || slots[$0].isStored
    }
    if isDone { close(unit) }
  }

  /// Lets go of the inputs of a unit that runs and has taken what it needs of them.
  mutating func letGo(_ unit: Int) { if !units[unit].isClosed { close(unit) } }

  private mutating func close(_ unit: Int) {
    var closing = [unit]
    while let unit = closing.popLast() {
      if units[unit].isClosed { continue }
      units[unit].isClosed = true
      for value in units[unit].held { if let above = drop(value) { closing.append(above) } }
    }
  }

  private mutating func release(_ value: Int) { if let above = drop(value) { close(above) } }

  /// One consumer less; the producer, when nobody is left to ask it for anything.
  private mutating func drop(_ value: Int) -> Int? {
    slots[value].holds -= 1
    guard slots[value].holds == 0, slots[value].waiters.isEmpty else { return nil }
    slots[value].value = nil
    let producer = outline.producer[value]
    guard producer >= 0, !units[producer].isClosed, units[producer].stage == .idle,
      outline.units[producer].outputs.allSatisfy({ slots[$0].holds == 0 })
    else { return nil }
    return producer
  }
}

extension Board.UnitState {
  /// The values a unit that is one node reads.
  func held(_ outline: Outline, _ unit: Int) -> [Int] {
    outline.units[unit].kind == .branch ? held : outline.units[unit].inputs
  }
}
