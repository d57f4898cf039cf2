import Language
import Tensors

/// Scan (ONNX operator set 9, 11, 16 and later; 8, which goes through every sample of a batch).
enum OnnxScanRule {
  static let rule = OnnxRule("Scan") { node throws(Fault) in
    let isBatched = node.opset == 8
    let given = isBatched ? Array(node.inputs.dropFirst()) : node.inputs
    guard node.opset >= 8, let body = try node.graph("body"), let count = try node.int("num_scan_inputs"), count > 0,
      count <= given.count, !given.contains(where: { $0 == nil }), body.outputs.count >= given.count - count
    else { throw .onnx(node.scope.file, node.proto, "needs a body and inputs to scan") }
    let values = given.compactMap { $0 }
    let (states, sources) = (Array(values.dropLast(count)), Array(values.suffix(count)))
    let scans = body.outputs.count - states.count
    func list(_ name: String, _ count: Int) throws(Fault) -> [Int] {
      let list = try node.ints(name) ?? Array(repeating: 0, count: count)
      guard list.count == count else {
        throw .onnx(node.scope.file, node.proto, "has \(list.count) \(name) for \(count)")
      }
      return list
    }
    if isBatched {
      let scan = OnnxScan(
        node: node, body: body, axes: Array(repeating: 0, count: count), directions: try list("directions", count),
        collect: body.outputs.suffix(scans).map { OnnxLoop.Collect(item: $0) })
      return try scan.samples(states, sources)
    }
    let (axes, directions) = (try list("scan_output_axes", scans), try list("scan_output_directions", scans))
    let scan = OnnxScan(
      node: node, body: body, axes: try list("scan_input_axes", count),
      directions: try list("scan_input_directions", count),
      collect: zip(body.outputs.suffix(scans), zip(axes, directions)).map {
        OnnxLoop.Collect(item: $0, axis: $1.0, isReversed: $1.1 != 0)
      })
    return try scan.results(states, sources)
  }
}

/// A loop over the elements of tensors.
private struct OnnxScan {
  let node: OnnxNode
  let body: GraphProto
  /// Per source, which of its axes is gone along, and whether from its end.
  let axes: [Int]
  let directions: [Int]
  let collect: [OnnxLoop.Collect]

  func results(_ states: [OnnxValue], _ sources: [OnnxValue]) throws(Fault) -> [OnnxValue] {
    let length = try length(sources[0], axis: axes[0])
    let run = OnnxLoop(node: node, rounds: length, condition: nil, states: states, collect: collect)
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

  /// Every sample by itself; the first axis of all values counts the samples.
  func samples(_ states: [OnnxValue], _ sources: [OnnxValue]) throws(Fault) -> [OnnxValue] {
    guard node.input(0) == nil else {
      throw .onnx(node.scope.file, node.proto, "has sequences of different lengths, which is not supported")
    }
    guard let count = sources[0].type.shape?.first?.value, (1...OnnxScan.maximumSamples).contains(count) else {
      throw .onnx(
        node.scope.file, node.proto, "needs a batch of known extent, from 1 to \(OnnxScan.maximumSamples)")
    }
    var results: [[OnnxValue]] = []
    for sample in 0..<count {
      let place = node.constant(Tensor(shape: [], [Int64(sample)]))
      func part(_ value: OnnxValue) throws(Fault) -> OnnxValue {
        try node.eager("Gather", [value, place], ["axis": .int(0)])
      }
      let (own, scanned) = (try states.map(part), try sources.map(part))
      var parts: [OnnxValue] = []
      for value in try self.results(own, scanned) {
        parts.append(try node.eager("Unsqueeze", [value], ["axes": .ints([0])]))
      }
      results.append(parts)
    }
    var joined: [OnnxValue] = []
    for place in results[0].indices {
      joined.append(try node.eager("Concat", results.map { $0[place] }, ["axis": .int(0)]))
    }
    return joined
  }

  private static let maximumSamples = 256

  /// How many elements the scanned dimension has, as a scalar.
  private func length(_ source: OnnxValue, axis: Int) throws(Fault) -> OnnxValue {
    if let shape = source.type.shape, let axis = OnnxAxes.resolve(axis, shape.count), let count = shape[axis].value {
      return node.constant(Tensor(shape: [], [Int64(count)]))
    }
    let shape = try node.eager("Shape", [source])
    return try node.eager("Gather", [shape, node.constant(Tensor(shape: [], [Int64(axis)]))], ["axis": .int(0)])
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxScanRule.rule, $0) }
