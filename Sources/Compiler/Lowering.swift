import Language
import Tensors
import Workers

/// Finds a place in memory for each value of a blueprint.
struct Lowering {
  private let blueprint: Blueprint
  private let nodes: [Blueprint.Operation]

  init(_ blueprint: Blueprint) {
    self.blueprint = blueprint
    var nodes = blueprint.operations
    // A wanted value that no node makes (an input, a constant) or that is wanted twice needs a copy of its own.
    var isMade = Array(repeating: false, count: blueprint.storage.count)
    for node in nodes { for value in node.results { isMade[value] = true } }
    for value in blueprint.wanted {
      if !isMade[value] {
        nodes.append(
          Blueprint.Operation(
            label: "copy", op: Copy.name, choice: Copy.choice(blueprint.storage[value].type), operands: [value],
            results: []))
      }
      isMade[value] = false
    }
    self.nodes = nodes
  }

  func program(team: Team, store: PreparedStore, slabs: SlabPool) -> Program {
    /// Per value its slot; -1: none yet.
    var slotOf = Array(repeating: -1, count: blueprint.storage.count)
    var slots: [Program.Slot] = []
    func slot(_ kind: Program.Slot) -> Int {
      slots.append(kind)
      return slots.count - 1
    }
    for (position, value) in blueprint.inputs.enumerated() { slotOf[value] = slot(.input(position)) }
    for (value, tensor) in blueprint.constants { slotOf[value] = slot(.constant(tensor)) }

    // Values wanted outside are written where the caller wants them; copies fill in for what has no maker.
    var isMade = Array(repeating: false, count: blueprint.storage.count)
    for node in nodes { for value in node.results { isMade[value] = true } }
    var copySlots: [Int] = []
    for (position, value) in blueprint.wanted.enumerated() {
      let output = slot(.output(position))
      if isMade[value], slotOf[value] < 0 { slotOf[value] = output } else { copySlots.append(output) }
    }

    let isFixed = slotOf.map { $0 >= 0 }
    let owners = aliasOwners(isFixed)
    let spans = ImageSpan.spans(nodes, blueprint.storage, isFixed: isFixed, owners: owners, width: team.width)
    var imageBytes = 0
    for span in spans {
      let lives = lives(owners: owners) { span.own[$0] }
      imageBytes = max(imageBytes, lives.plan.totalBytes)
      for (value, bytes) in span.own {
        slotOf[value] = slot(.image(offset: lives.plan.offsets[lives.index[value]], stride: bytes))
      }
    }
    func planned(_ flat: [Range<Int>]) -> (plan: BufferPlan, index: [Int]) {
      lives(owners: owners, through: spans.map(\.steps) + flat) {
        slotOf[$0] < 0 ? blueprint.storage[$0].byteCount : nil
      }
    }
    var (flat, (plan, index)) = (FlatSpan.spans(nodes), planned([]))
    if !flat.isEmpty {
      flat = FlatSpan.affordable(flat, least: plan.totalBytes) { planned($0).plan.totalBytes }
      (plan, index) = planned(flat)
    }
    for node in nodes {
      for value in node.results where slotOf[value] < 0 {
        slotOf[value] = slot(.slab(offset: plan.offsets[index[owners[value]]]))
      }
    }

    var copies = copySlots.makeIterator()
    let steps = nodes.map { node in
      let isCopy = node.results.isEmpty
      return Program.Step(
        operation: node, operands: node.operands.map { slotOf[$0] },
        results: isCopy ? [copies.next()!] : node.results.map { slotOf[$0] })
    }
    let all = spans.map { ($0.steps, Optional($0.images)) } + flat.map { ($0, nil) }
    return Program(
      blueprint: blueprint, steps: steps, slots: slots, spans: all.sorted { $0.0.lowerBound < $1.0.lowerBound },
      slabBytes: plan.totalBytes, imageBytes: imageBytes, team: team, store: store, slabs: slabs)
  }

  /// For each value that a node makes, the value whose memory it uses: itself, or an operand that its kernel may
  /// overwrite and nobody reads later. -1 for others.
  private func aliasOwners(_ isFixed: [Bool]) -> [ValueID] {
    var lastRead = Array(repeating: -1, count: blueprint.storage.count)
    for (step, node) in nodes.enumerated() { for value in node.operands { lastRead[value] = step } }
    var owners = Array(repeating: -1, count: blueprint.storage.count)
    for (step, node) in nodes.enumerated() {
      let operands = node.operands
      var taken: [ValueID] = []
      for (position, result) in node.results.enumerated() {
        owners[result] = result
        guard !isFixed[result] else { continue }
        for pair in node.choice.inPlace where pair.result == position && pair.operand < operands.count {
          let operand = operands[pair.operand]
          let owner = owners[operand]
          if owner >= 0, !isFixed[operand], !isFixed[owner], lastRead[operand] == step,
            operands.count(where: { $0 == operand }) == 1,
            !operands.contains(where: { $0 != operand && owners[$0] == owner }),
            blueprint.storage[operand].byteCount == blueprint.storage[result].byteCount, !taken.contains(owner)
          {
            owners[result] = owner
            taken.append(owner)
            break
          }
        }
      }
    }
    return owners
  }

  /// One interval per owner, over the lives of everything that uses its memory, and its index by value. What steps of
  /// one of `spans` touch lives through all of it, because each image passes through it. `bytes`: of a value; nil where
  /// it lies elsewhere.
  private func lives(
    owners: [ValueID], through spans: [Range<Int>] = [], _ bytes: (ValueID) -> Int?
  ) -> (plan: BufferPlan, index: [Int]) {
    var first = Array(repeating: Int.max, count: owners.count)
    var last = Array(repeating: -1, count: owners.count)
    var times = nodes.indices.map { ($0, $0) }
    for span in spans { for step in span { times[step] = (span.lowerBound, span.upperBound - 1) } }
    for (node, (begin, end)) in zip(nodes, times) {
      for value in node.results where bytes(value) != nil {
        let owner = owners[value]
        first[owner] = min(first[owner], begin)
        last[owner] = max(last[owner], end)
      }
      for value in node.operands where owners[value] >= 0 && bytes(value) != nil {
        last[owners[value]] = max(last[owners[value]], end)
      }
    }
    var index = Array(repeating: -1, count: owners.count)
    var intervals: [BufferPlan.Interval] = []
    for value in owners.indices where first[value] < .max {
      index[value] = intervals.count
      intervals.append(BufferPlan.Interval(bytes: bytes(value)!, first: first[value], last: last[value]))
    }
    return (BufferPlan(intervals), index)
  }
}
