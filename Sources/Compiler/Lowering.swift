import Language
import Tensors
import Workers

/// Chooses a kernel for each node and a place in memory for each value.
struct Lowering {
  private let region: Region
  private let nodes: [Region.Node]
  private let wanted: [ValueID]
  private let choices: [Choice]

  init(region: Region, nodes: [Region.Node], wanted: [ValueID]) throws(Fault) {
    self.region = region
    self.wanted = wanted
    var kept = nodes
    var choices: [Choice] = []
    for node in nodes {
      guard case .numeric(let numeric) = node.op.action else {
        preconditionFailure("\(node.op.name) in a region is not numeric")
      }
      let site = Site(
        attributes: node.attributes, operands: node.operands.map { $0.map { region.concrete($0) } },
        results: node.results.map { region.concrete($0) })
      guard let choice = try numeric.select(site).first else {
        preconditionFailure("\(node.op.name) offers no kernel")
      }
      choices.append(choice)
    }
    // A wanted value that no node makes (an input, a constant) or that is wanted twice needs a copy of its own.
    var made = Set(nodes.flatMap(\.results))
    for value in wanted where made.remove(value) == nil {
      kept.append(
        Region.Node(op: Copy.op, attributes: Attributes(), operands: [[value]], results: [], label: "copy"))
      choices.append(Copy.choice(region.concrete(value)))
    }
    self.nodes = kept
    self.choices = choices
  }

  func program(team: Team) -> Program {
    var slotOf: [ValueID: Int] = [:]
    var slots: [Program.Slot] = []
    func slot(_ kind: Program.Slot) -> Int {
      slots.append(kind)
      return slots.count - 1
    }
    for (position, value) in region.inputs.enumerated() { slotOf[value] = slot(.input(position)) }
    for (value, tensor) in region.constants { slotOf[value] = slot(.constant(tensor)) }

    // Values wanted outside are written where the caller wants them; copies fill in for what has no maker.
    let made = Set(nodes.flatMap(\.results))
    var copySlots: [Int] = []
    for (position, value) in wanted.enumerated() {
      let output = slot(.output(position))
      if made.contains(value), slotOf[value] == nil { slotOf[value] = output } else { copySlots.append(output) }
    }

    let owners = aliasOwners(fixed: Set(slotOf.keys))
    let (plan, index) = planSlab(owners: owners, fixed: Set(slotOf.keys))
    for node in nodes {
      for value in node.results where slotOf[value] == nil {
        slotOf[value] = slot(.slab(offset: plan.offsets[index[owners[value]!]!]))
      }
    }

    var copies = copySlots.makeIterator()
    let steps = zip(nodes, choices).map { node, choice in
      let isCopy = node.results.isEmpty
      return Program.Step(
        label: node.label, op: node.op.name, position: node.position, choice: choice,
        operands: node.operands.flatMap { $0 }.map { slotOf[$0]! },
        results: isCopy ? [copies.next()!] : node.results.map { slotOf[$0]! },
        resultTypes: isCopy ? [] : node.results.map { region.concrete($0) })
    }
    return Program(
      inputs: region.inputs.map { region.concrete($0) }, outputs: wanted.map { region.concrete($0) }, steps: steps,
      slots: slots, slabBytes: plan.totalBytes, team: team)
  }

  /// For each value, the value whose memory it uses: itself, or an operand that its kernel may overwrite and nobody
  /// reads later.
  private func aliasOwners(fixed: Set<ValueID>) -> [ValueID: ValueID] {
    var lastRead: [ValueID: Int] = [:]
    for (step, node) in nodes.enumerated() { for value in node.operands.joined() { lastRead[value] = step } }
    var owners: [ValueID: ValueID] = [:]
    for (step, node) in nodes.enumerated() {
      let operands = node.operands.flatMap { $0 }
      var taken = Set<ValueID>()
      for (position, result) in node.results.enumerated() {
        owners[result] = result
        guard !fixed.contains(result) else { continue }
        for pair in choices[step].inPlace where pair.result == position && pair.operand < operands.count {
          let operand = operands[pair.operand]
          if let owner = owners[operand], !fixed.contains(operand), !fixed.contains(owner), lastRead[operand] == step,
            operands.filter({ $0 == operand }).count == 1,
            !operands.contains(where: { $0 != operand && owners[$0] == owner }),
            region.concrete(operand).byteCount == region.concrete(result).byteCount, taken.insert(owner).inserted
          {
            owners[result] = owner
            break
          }
        }
      }
    }
    return owners
  }

  /// One interval per owner, over the lives of everything that uses its memory.
  private func planSlab(owners: [ValueID: ValueID], fixed: Set<ValueID>) -> (BufferPlan, [ValueID: Int]) {
    var first: [ValueID: Int] = [:]
    var last: [ValueID: Int] = [:]
    for (step, node) in nodes.enumerated() {
      for value in node.results where !fixed.contains(value) {
        let owner = owners[value]!
        first[owner] = min(first[owner] ?? step, step)
        last[owner] = max(last[owner] ?? step, step)
      }
      for value in node.operands.joined() where !fixed.contains(value) {
        if let owner = owners[value] { last[owner] = max(last[owner] ?? step, step) }
      }
    }
    let order = first.keys.sorted()
    let intervals = order.map {
      BufferPlan.Interval(bytes: region.concrete($0).byteCount, first: first[$0]!, last: last[$0]!)
    }
    return (BufferPlan(intervals), Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) }))
  }
}
