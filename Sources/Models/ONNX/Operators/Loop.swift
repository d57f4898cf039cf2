import Language
import Tensors

/// Loop (ONNX operator set 1, 11, 13 and later).
enum OnnxLoopRule {
  static let loop = OnnxRule("Loop") { node throws(Fault) in
    guard let body = try node.graph("body") else {
      throw .onnx(node.scope.file, node.proto, "needs a body")
    }
    let states = node.inputs.dropFirst(2).compactMap { $0 }
    let scans = body.outputs.count - 1 - states.count
    guard scans >= 0, node.proto.outputs.count <= states.count + scans else {
      throw .onnx(node.scope.file, node.proto, "has a body of \(body.outputs.count) outputs for \(states.count) states")
    }
    let run = OnnxLoop(
      node: node, rounds: node.input(0), condition: node.input(1), states: states,
      collect: body.outputs.suffix(scans).map { OnnxLoop.Collect(item: $0) })
    return try run.results { inner, index, states throws(Fault) in
      let all = try inner.open(body, [index, inner.constant(OnnxLoop.flag(true))] + states, in: inner.assembly)
      return OnnxLoop.Round(
        goesOn: all[0], states: Array(all[1...states.count].prefix(states.count)),
        items: Array(all.dropFirst(1 + states.count)))
    }
  }
}

/// A loop over rounds that are counted, with states that change and items that are gathered.
struct OnnxLoop {
  /// How the items of one output are put together.
  struct Collect {
    /// What the body says of an item.
    let item: ValueInfoProto
    var axis = 0
    var isReversed = false
  }

  struct Round {
    /// Whether to go on; nil: always.
    let goesOn: OnnxValue?
    let states: [OnnxValue]
    let items: [OnnxValue]
  }

  /// `inner` is the node seen from inside the body.
  typealias Body = (_ inner: OnnxNode, _ index: OnnxValue, _ states: [OnnxValue]) throws(Fault) -> Round

  let node: OnnxNode
  /// How many rounds at most; nil: no limit.
  let rounds: OnnxValue?
  let condition: OnnxValue?
  let states: [OnnxValue]
  let collect: [Collect]

  static func flag(_ value: Bool) -> Tensor { Tensor(shape: [], [UInt8(value ? 1 : 0)]).converted(to: .bool) }

  func results(_ body: Body) throws(Fault) -> [OnnxValue] {
    let known = try rounds?.contents()?.values?.first
    let begins = try condition?.contents()?.values?.first
    let results: [GraphValue]
    // What a round gathers is known once its body is open.
    var gathered: [TensorType] = []
    if begins == 0 || known.map({ $0 <= 0 }) == true {
      results = try unbegun(node, [])
    } else {
      var checks: [OnnxValue] = []
      if let condition, begins == nil { checks.append(condition) }
      if let rounds, known == nil {
        checks.append(try node.eager("Greater", [rounds, node.constant(Tensor(shape: [], [Int64(0)]))]))
      }
      if checks.isEmpty {
        results = try run(node, known: known, body, &gathered)
      } else {
        let start = checks.count == 1 ? checks[0] : try node.eager("And", checks)
        results = try node.assembly.branch(
          try start.value(), name: node.importer.path(node.scope.prefix + node.title + "/begin"),
          then: { (assembly: any GraphAssembly) throws(Fault) in
            try run(node.inside(assembly), known: known, body, &gathered)
          },
          otherwise: { (assembly: any GraphAssembly) throws(Fault) in try unbegun(node.inside(assembly), gathered) })
      }
    }
    return results.map(node.scope.imported)
  }

  private func run(
    _ node: OnnxNode, known: Int?, _ body: Body, _ gathered: inout [TensorType]
  ) throws(Fault) -> [GraphValue] {
    var start = [try node.constant(Tensor(shape: [], [Int64(0)])).value()]
    for state in states { start.append(try state.value()) }
    let one = Tensor(shape: [], [Int64(1)])
    let results = try node.assembly.loop(
      steps: known, states: start, collected: collect.count, name: node.importer.path(node.scope.prefix + node.title)
    ) { (assembly: any GraphAssembly, current: [GraphValue]) throws(Fault) in
      let inner = node.inside(assembly)
      let values = current.map(inner.scope.imported)
      let round = try body(inner, values[0], Array(values.dropFirst()))
      gathered = round.items.map(\.type)
      let next = try inner.eager("Add", [values[0], inner.constant(one)])
      var stops: OnnxValue?
      if let goesOn = round.goesOn, try goesOn.contents()?.values != [1] { stops = try inner.eager("Not", [goesOn]) }
      if known == nil, let rounds {
        let isLast = try inner.eager("Not", [try inner.eager("Less", [next, rounds])])
        stops = try stops == nil ? isLast : inner.eager("Or", [stops!, isLast])
      }
      var results = [try next.value()]
      for state in round.states { results.append(try state.value()) }
      results.append(try (stops ?? inner.constant(OnnxLoop.flag(false))).value())
      for item in round.items { results.append(try item.value()) }
      return results
    }
    var final = Array(results[1...states.count].prefix(states.count))
    for (index, list) in results.dropFirst(1 + states.count).enumerated() {
      final.append(
        try node.assembly.add(
          try node.assembly.registry.op("list.stack"), [[list]],
          ["axis": .int(collect[index].axis), "reverse": .bool(collect[index].isReversed)],
          name: node.importer.path("\(node.scope.prefix)\(node.title)/stack"))[0])
    }
    return final
  }

  /// No round: the states as they are, and nothing gathered: an extent of 0 along the axis, and the others as the body
  /// has them; where it does not say, 0, as in ONNX Runtime.
  private func unbegun(_ node: OnnxNode, _ gathered: [TensorType]) throws(Fault) -> [GraphValue] {
    var results: [GraphValue] = []
    for state in states { results.append(try state.value()) }
    for (index, list) in collect.enumerated() {
      let declared = list.item.type?.tensor
      let found = gathered.indices.contains(index) ? gathered[index] : nil
      guard let dtype = found?.dtype ?? declared.flatMap({ DType(onnx: $0.elementType) }) else {
        throw .onnx(
          node.scope.file, node.proto,
          "gathers nothing at all, and its body does not say of what type \"\(list.item.name)\" is")
      }
      var shape = found?.shape?.map { $0.value ?? 0 } ?? declared?.shape?.extents.map { $0.value ?? 0 } ?? []
      let axis = list.axis < 0 ? list.axis + shape.count + 1 : list.axis
      guard (0...shape.count).contains(axis) else {
        throw .onnx(node.scope.file, node.proto, "gathers \"\(list.item.name)\" along the axis \(list.axis)")
      }
      shape.insert(0, at: axis)
      results.append(node.importer.constant(Tensor.zeros(dtype, shape: shape)))
    }
    return results
  }
}

extension OnnxNode {
  /// The node seen from inside a body, where its name space goes on.
  func inside(_ assembly: any GraphAssembly) -> OnnxNode { OnnxNode(self, in: assembly) }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxLoopRule.loop, $0) }
