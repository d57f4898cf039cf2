import Language
import Tensors

/// One or several nodes that run as one, and the ways to do so.
struct Candidate {
  let label: String
  let op: String
  /// Flattened; those of absorbed nodes come last.
  let operands: [ValueID]
  let results: [ValueID]
  let choices: [Choice]
  let position: Digest?
  let isRandom: Bool
}

/// Lets kernels do the element-wise work that follows them: bias, residual, activation, mask of a convolution. What
/// is absorbed is written once instead of written, read and written again.
struct Absorption {
  /// Chains longer than this have not been met.
  private static let longest = 4

  private let region: Region
  private let nodes: [Region.Node]
  /// Per value, the nodes that read it, once per use; a use from outside counts as one of its own.
  private var readers: [[Int]]

  private let showsEveryNode: Bool

  /// - Parameters:
  ///   - wanted: values that must exist after the run, so nothing after them can be absorbed.
  ///   - showsEveryNode: nothing is absorbed, and everything is row-major.
  init(region: Region, nodes: [Region.Node], wanted: [ValueID], showsEveryNode: Bool) {
    self.showsEveryNode = showsEveryNode
    self.region = region
    self.nodes = nodes
    readers = Array(repeating: [], count: region.types.count)
    for (index, node) in nodes.enumerated() { for value in node.operands.joined() { readers[value].append(index) } }
    for value in wanted { readers[value].append(nodes.count) }
  }

  /// Candidates in an order in which they can run: one that absorbs stands where its last node stood, when everything
  /// those read exists.
  func candidates() throws(Fault) -> [Candidate] {
    var isAbsorbed = Array(repeating: false, count: nodes.count)
    var places: [Int] = []
    var candidates: [Candidate] = []
    places.reserveCapacity(nodes.count)
    candidates.reserveCapacity(nodes.count)
    // Networks repeat themselves: per op the last use, which the next one often is equal to.
    var known: [ObjectIdentifier: (site: Site, choices: [Choice])] = [:]
    for (index, node) in nodes.enumerated() where !isAbsorbed[index] {
      guard case .numeric(let numeric) = node.op.action else {
        preconditionFailure("\(node.op.name) in a region is not numeric")
      }
      let chain = showsEveryNode ? [] : followers(of: index, isAbsorbed)
      let site = site(node, followers: chain.map(\.pointwise))
      let choices: [Choice]
      if let last = known[ObjectIdentifier(node.op)], last.site == site {
        choices = last.choices
      } else {
        choices = try ways(numeric, site, node.op.name)
        known[ObjectIdentifier(node.op)] = (site, choices)
      }
      let taken = chain.prefix(choices[0].absorbs)
      for link in taken { isAbsorbed[link.node] = true }
      let last = taken.last?.node ?? index
      var operands = node.operands.count == 1 ? node.operands[0] : node.operands.flatMap { $0 }
      for link in taken { if let other = link.other { operands.append(other) } }
      places.append(last)
      candidates.append(
        Candidate(
          label: node.label.isEmpty ? taken.lazy.map { nodes[$0.node].label }.first { !$0.isEmpty } ?? "" : node.label,
          op: node.op.name, operands: operands,
          results: taken.isEmpty ? node.results : [nodes[last].results[0]] + node.results.dropFirst(),
          choices: choices, position: node.position, isRandom: node.op.isRandom))
    }
    if zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) { return candidates }
    return candidates.indices.sorted { places[$0] < places[$1] }.map { candidates[$0] }
  }

  /// The kernels to choose from, all of which absorb as many followers.
  private func ways(_ numeric: Numeric, _ site: Site, _ op: String) throws(Fault) -> [Choice] {
    let choices = try numeric.select(site)
    precondition(!choices.isEmpty, "\(op) offers no kernel")
    if showsEveryNode { return [choices[0]] }
    if let first = choices.first(where: \.prevails) { return [first] }
    // A pass over memory saved is worth more than any difference between kernels that can absorb and those that
    // cannot; ops offer to absorb only in kernels that they would choose anyway.
    let most = choices.reduce(0) { max($0, $1.absorbs) }
    return most == 0 ? choices : choices.filter { $0.absorbs == most }
  }

  private struct Link {
    let node: Int
    let pointwise: Pointwise
    let other: ValueID?
  }

  private func followers(of index: Int, _ isAbsorbed: [Bool]) -> [Link] {
    var chain: [Link] = []
    var current = nodes[index]
    // What follows the first result may be absorbed; others must not be read before all of it is done.
    let others = current.results.count > 1 ? current.results.dropFirst().flatMap { readers[$0] } : []
    while chain.count < Self.longest {
      let value = current.results[0]
      guard readers[value].count == 1, let reader = readers[value].first, reader < nodes.count, !isAbsorbed[reader],
        others.allSatisfy({ $0 > reader })
      else { break }
      let next = nodes[reader]
      guard case .numeric(let numeric) = next.op.action, let pointwise = numeric.pointwise, next.results.count == 1,
        region.concrete(next.results[0]) == region.concrete(value)
      else { break }
      let operands = next.operands.flatMap { $0 }
      guard let way = pointwise(site(next)).first(where: { operands[$0.operand] == value }) else { break }
      let other = way.other.map { operands[$0] }
      let own = other == nil ? [] : nodes[index].operands.flatMap { $0 }
      let seen = Pointwise(
        way.kind, operand: way.operand, other: way.other, shared: other.flatMap { own.firstIndex(of: $0) })
      chain.append(Link(node: reader, pointwise: seen, other: other))
      current = next
    }
    return chain
  }

  private func site(_ node: Region.Node, followers: [Pointwise] = []) -> Site {
    Site(
      attributes: node.attributes, operands: node.operands.map { $0.map { region.concrete($0) } },
      results: node.results.map { region.concrete($0) }, followers: followers)
  }
}
