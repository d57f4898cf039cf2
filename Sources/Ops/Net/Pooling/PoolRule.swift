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

  /// The pool in the blocked layout.
  static func blocked(_ site: Site, _ pool: BlockedPool) -> Choice {
    let count = Double(site.elements(.blocked))
    let halving = Halving(
      all: .prepared(places(pool, positive: false)), positive: .prepared(places(pool, positive: true)))
    return Choice(
      "blocked-windows", operandLayouts: [.blocked], resultLayouts: [.blocked], operations: count,
      chunks: pool.chunks, halving: pool.halves ? halving : nil
    ) { call in pool.forward(chunk: call.chunk, x: call.input(0), y: call.output()) }
  }

  /// Its gradient, with the mask of a rectifier before it. What it needs to know of x is made where x is: the places of
  /// the maxima, or for means nothing. If the mask is by x itself, the places alone tell.
  static func blockedGradient(_ site: Site, _ pool: BlockedPool, isMean: Bool) -> [Choice] {
    guard isMean || pool.hasPlaces else { return [] }
    let follower = site.followers.first.flatMap { $0.kind == .mask ? $0 : nil }
    let isOwn = follower?.shared == 0 && !isMean
    let known = Layout.prepared(isMean ? nothing : places(pool, positive: isOwn))
    let mask = follower.map { _ in isOwn ? known : BlockedChoice.signs(site.result.shape) }
    let readsMask = mask != nil && !isOwn
    return [
      Choice(
        "blocked-windows", operandLayouts: [known, .blocked] + (mask.map { [$0] } ?? []), resultLayouts: [.blocked],
        operations: Double(site.elements(.blocked)), chunks: pool.chunks, absorbs: follower == nil ? 0 : 1
      ) { call in
        pool.gradient(
          chunk: call.chunk, places: isMean ? nil : call.operands[0].assumingMemoryBound(to: UInt8.self),
          dy: call.input(1), mask: readsMask ? call.operands[2].assumingMemoryBound(to: UInt16.self) : nil,
          dx: call.output())
      }
    ]
  }

  private static let nothing = Preparation("nothing", byteCount: 64, source: .blocked) { _, _, _ in }

  private static func places(_ pool: BlockedPool, positive: Bool) -> Preparation {
    Preparation(
      pool.placesName + (positive ? " above zero" : ""), byteCount: pool.placesByteCount, chunks: pool.chunks,
      source: .blocked
    ) {
      pool.places(
        chunk: $0, positive: positive, x: $1.assumingMemoryBound(to: Float.self),
        places: $2.assumingMemoryBound(to: UInt8.self))
    }
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
