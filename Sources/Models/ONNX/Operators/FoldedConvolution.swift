import Language

/// A convolution as the importer makes it, so that what follows it can be folded into it.
struct OnnxConvolution {
  let node: OnnxNode
  /// Params of `nn.conv2d`.
  let settings: [String: Literal]

  func result() throws(Fault) -> OnnxValue {
    let value = try emit(node.input(1), node.input(2))
    value.convolution = self
    return value
  }

  private func emit(_ weight: OnnxValue?, _ bias: OnnxValue?) throws(Fault) -> OnnxValue {
    try node.emit("nn.conv2d", [node.input(0), weight, bias], settings.merging(["bias": .bool(false)]) { $1 })
  }

  /// The convolution that computes the batch normalisation as well; nil where one of the numbers is not of the file.
  /// The one without stays, and is dropped with everything else that feeds no output.
  func folded(_ normalisation: OnnxNode, epsilon: Double) throws(Fault) -> OnnxValue? {
    var names: [String] = []
    for input in normalisation.inputs.dropFirst() {
      guard let name = input?.initializer else { return nil }
      names.append(name)
    }
    guard names.count == 4, let weight = node.input(1)?.initializer, let shape = node.input(1)?.type.concrete?.shape,
      node.input(2) == nil || node.input(2)?.initializer != nil
    else { return nil }
    let importer = node.importer
    let results = try node.assembly.add(
      try node.assembly.registry.op("weights.folded_convolution"), [[importer.fileValue]],
      [
        "weight": .string(weight), "bias": node.input(2)?.initializer.map { .string($0) } ?? .null,
        "scale": .string(names[0]), "shift": .string(names[1]), "mean": .string(names[2]),
        "variance": .string(names[3]), "epsilon": .float(epsilon), "shape": .ints(shape),
      ], name: importer.path(weight))
    let values = results.map(node.scope.imported)
    return try emit(values[0], values[1])
  }
}
