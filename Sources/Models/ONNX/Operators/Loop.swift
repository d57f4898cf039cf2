import Language
import Tensors

/// Loop (ONNX operator set 1, 11, 13 and later) and Scan (9, 11, 16 and later).
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
      node: node, rounds: node.input(0), condition: node.input(1), states: states, scans: scans,
      collect: Array(repeating: OnnxLoop.Collect(), count: scans))
    return try run.results { inner, index, states throws(Fault) in
      let all = try inner.open(body, [index, inner.constant(OnnxLoop.flag(true))] + states, in: inner.assembly)
      return OnnxLoop.Round(
        goesOn: all[0], states: Array(all[1...states.count].prefix(states.count)),
        items: Array(all.dropFirst(1 + states.count)))
    }
  }

  static let scan = OnnxRule("Scan") { node throws(Fault) in
    guard node.opset >= 9, let body = try node.graph("body"), let count = try node.int("num_scan_inputs"), count > 0,
      count <= node.inputs.count, body.outputs.count >= node.inputs.count - count
    else { throw .onnx(node.scope.file, node.proto, "needs a body and inputs to scan") }
    let given = node.inputs.compactMap { $0 }
    let states = Array(given.dropLast(count))
    let sources = Array(given.suffix(count))
    let scans = body.outputs.count - states.count
    func list(_ name: String, _ count: Int) throws(Fault) -> [Int] {
      let list = try node.ints(name) ?? Array(repeating: 0, count: count)
      guard list.count == count else {
        throw .onnx(node.scope.file, node.proto, "has \(list.count) \(name) for \(count)")
      }
      return list
    }
    let axes = try list("scan_input_axes", count)
    let directions = try list("scan_input_directions", count)
    let outputAxes = try list("scan_output_axes", scans)
    let outputDirections = try list("scan_output_directions", scans)
    let length = try length(node, sources[0], axis: axes[0])
    let run = OnnxLoop(
      node: node, rounds: length, condition: nil, states: states, scans: scans,
      collect: zip(outputAxes, outputDirections).map { OnnxLoop.Collect(axis: $0, isReversed: $1 != 0) })
    return try run.results { inner, index, states throws(Fault) in
      var items: [OnnxValue] = []
      for (source, (axis, direction)) in zip(sources, zip(axes, directions)) {
        var place = index
        if direction != 0 {
          let last = try inner.eager("Sub", [length, inner.constant(Tensor(shape: [], [Int64(1)]))])
          place = try inner.eager("Sub", [last, index])
        }
        items.append(try inner.eager("Gather", [source, place], ["axis": .int(axis)]))
      }
      let all = try inner.open(body, states + items, in: inner.assembly)
      return OnnxLoop.Round(
        goesOn: nil, states: Array(all.prefix(states.count)), items: Array(all.dropFirst(states.count)))
    }
  }

  /// How many elements the scanned dimension has, as a scalar.
  private static func length(_ node: OnnxNode, _ source: OnnxValue, axis: Int) throws(Fault) -> OnnxValue {
    if let shape = source.type.shape, let axis = OnnxAxes.resolve(axis, shape.count), let count = shape[axis].value {
      return node.constant(Tensor(shape: [], [Int64(count)]))
    }
    let shape = try node.eager("Shape", [source])
    return try node.eager("Gather", [shape, node.constant(Tensor(shape: [], [Int64(axis)]))], ["axis": .int(0)])
  }
}

/// A loop over rounds that are counted, with states that change and items that are gathered.
struct OnnxLoop {
  /// How the items of one output are put together.
  struct Collect {
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
  let scans: Int
  let collect: [Collect]

  static func flag(_ value: Bool) -> Tensor { Tensor(shape: [], [UInt8(value ? 1 : 0)]).converted(to: .bool) }

  func results(_ body: Body) throws(Fault) -> [OnnxValue] {
    let known = try rounds?.contents()?.values?.first
    let begins = try condition?.contents()?.values?.first
    let results: [GraphValue]
    if begins == 0 || known.map({ $0 <= 0 }) == true {
      results = try unbegun(node)
    } else {
      var checks: [OnnxValue] = []
      if let condition, begins == nil { checks.append(condition) }
      if let rounds, known == nil {
        checks.append(try node.eager("Greater", [rounds, node.constant(Tensor(shape: [], [Int64(0)]))]))
      }
      if checks.isEmpty {
        results = try run(node, known: known, body)
      } else {
        let start = checks.count == 1 ? checks[0] : try node.eager("And", checks)
        results = try node.assembly.branch(
          try start.value(), name: node.importer.path(node.scope.prefix + node.title + "/begin"),
          then: { (assembly: any GraphAssembly) throws(Fault) in
            try run(node.inside(assembly), known: known, body)
          }, otherwise: { (assembly: any GraphAssembly) throws(Fault) in try unbegun(node.inside(assembly)) })
      }
    }
    return results.map(node.scope.imported)
  }

  private func run(_ node: OnnxNode, known: Int?, _ body: Body) throws(Fault) -> [GraphValue] {
    var start = [try node.constant(Tensor(shape: [], [Int64(0)])).value()]
    for state in states { start.append(try state.value()) }
    let one = Tensor(shape: [], [Int64(1)])
    let results = try node.assembly.loop(
      steps: known, states: start, collected: scans, name: node.importer.path(node.scope.prefix + node.title)
    ) { (assembly: any GraphAssembly, current: [GraphValue]) throws(Fault) in
      let inner = node.inside(assembly)
      let values = current.map(inner.scope.imported)
      let round = try body(inner, values[0], Array(values.dropFirst()))
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

  /// No round: the states as they are, and nothing gathered.
  private func unbegun(_ node: OnnxNode) throws(Fault) -> [GraphValue] {
    var results: [GraphValue] = []
    for state in states { results.append(try state.value()) }
    guard scans == 0 else {
      throw .onnx(node.scope.file, node.proto, "may gather nothing at all, which is not supported")
    }
    return results
  }
}

extension OnnxNode {
  /// The node seen from inside a body, where its name space goes on.
  func inside(_ assembly: any GraphAssembly) -> OnnxNode { OnnxNode(self, in: assembly) }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxLoopRule.loop, $0) }
@used @section("weft_onnx") private let scanEntry: OnnxEntry = { OnnxRules.collect(OnnxLoopRule.scan, $0) }
