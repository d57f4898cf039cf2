import Kernels
import Language
import Tensors

/// What pools share: params, shape rule, and the sizes the kernels want.
enum PoolRule {
  static let params: [Param] = [
    Param("kernel", .ints(.positive, counts: [2]), "height and width of the window"),
    Param(
      "stride", .ints(.positive, counts: [2]), default: .null, "distance between windows; the kernel's size if absent"),
    Window.padding,
    Param(
      "ceil", .bool, default: .bool(false),
      "round the number of windows up; the last window must start inside the input or its left padding (PyTorch)"),
  ]

  static func infer(_ facts: Facts) throws(Fault) -> [ValueType] {
    let type = facts.tensor("x")
    let window = try Window(facts.attributes)
    let kernel = facts.attributes.ints("kernel", count: 2)
    if window.padding != .same {
      for axis in 0...1 {
        let pads = window.pads(axis, extent: 0, kernel: 0)
        if max(pads.before, pads.after) * 2 > kernel[axis] { throw .poolPadding(axis + 2, pads, kernel[axis]) }
      }
    }
    guard let x = try Shapes.extents(facts, "x", rank: 4) else { return [.f32(nil)] }
    return [
      type.reshaped([
        x[0], x[1], try window.places(0, extent: x[2], kernel: Dim(kernel[0])),
        try window.places(1, extent: x[3], kernel: Dim(kernel[1])),
      ])
    ]
  }

  /// A pool of known sizes; a chunk is a range of planes.
  struct Plan: Sendable {
    let window: PoolWindow
    let pads: Pads
    let chunks: Chunking
    let inputArea: Int
    let outputArea: Int
    let operations: Double

    /// `input` and `output` are [N, C, H, W].
    init(_ attributes: Attributes, input: [Int], output: [Int]) throws(Fault) {
      let size = Extent(input[2], input[3])
      let kernel = Extent(attributes.ints("kernel", count: 2))
      let window = try Window(attributes)
      pads = window.pads(size, kernel: kernel)
      self.window = PoolWindow(
        input: size, kernel: kernel, stride: Extent(window.stride), padTop: pads.top, padLeft: pads.left,
        output: Extent(output[2], output[3]))
      inputArea = input[2] * input[3]
      outputArea = output[2] * output[3]
      chunks = Chunking(count: input[0] * input[1], unitCost: outputArea * kernel.height * kernel.width)
      operations = Double(input[0] * input[1] * outputArea) * Double(kernel.height * kernel.width)
    }
  }
}
