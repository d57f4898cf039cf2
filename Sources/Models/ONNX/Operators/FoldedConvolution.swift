import Language

/// A convolution as the importer makes it, so that what follows it can be folded into it.
struct OnnxConvolution {
  let node: OnnxNode
  let settings: [String: Literal]

  func result() throws(Fault) -> OnnxValue {
    try node.emit(
      "nn.conv2d", [node.input(0), node.input(1), node.input(2)], settings.merging(["bias": .bool(false)]) { $1 })
  }
}
