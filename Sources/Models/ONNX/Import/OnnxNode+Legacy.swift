import Language

/// Operators as they were before set 7, said in the words of set 7: tensors were stretched only where `broadcast` said so,
/// the second one from `axis` on, and `is_test` told inference from training.
extension OnnxNode {
  private static let stretching: Set<String> = [
    "Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Greater", "Less",
  ]

  /// The node itself from set 7 on.
  func modern() throws(Fault) -> OnnxNode {
    guard opset < 7, OnnxScope.plain(proto.domain).isEmpty else { return self }
    var inputs = inputs
    var dropped: Set<String> = ["consumed_inputs"]
    if OnnxNode.stretching.contains(operatorName) {
      dropped.formUnion(["broadcast", "axis"])
      if let axis = try int("axis"), try int("broadcast") ?? 0 != 0, let rank = input(0)?.rank, let b = input(1) {
        guard let own = b.rank, let first = OnnxAxes.resolve(axis, rank), first + own <= rank else {
          throw .onnx(scope.file, proto, "cannot stretch its second input from the axis \(axis) on")
        }
        inputs[1] = try widened(b, by: rank - first - own)
      }
    }
    switch operatorName {
    case "Gemm": dropped.insert("broadcast")
    case "PRelu":
      if let rank = input(0)?.rank, rank > 2, let slope = input(1), slope.rank == 1 {
        inputs[1] = try widened(slope, by: rank - 2)
      }
    case "BatchNormalization", "Dropout":
      guard try int("is_test") ?? 0 != 0 else {
        throw .onnx(scope.file, proto, "trains (is_test is not 1), which is not supported before version 7")
      }
      dropped.insert("is_test")
    default: break
    }
    return OnnxNode(self, inputs: inputs, without: dropped)
  }

  /// The tensor with so many axes of extent 1 at its end.
  private func widened(_ value: OnnxValue, by count: Int) throws(Fault) -> OnnxValue? {
    guard count > 0, let shape = value.type.shape else { return value }
    if value.isFloat32,
      let seen = try OnnxReshape.reshaped(self, value, to: shape + Array(repeating: 1, count: count))
    {
      return seen
    }
    return try eager("Unsqueeze", [value], ["axes": .ints(Array(shape.count..<shape.count + count))])
  }
}
