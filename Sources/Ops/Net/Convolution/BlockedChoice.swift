import Kernels
import Language
import Tensors

/// Convolutions in the blocked layout as choices: packed weights, and the element-wise work that follows done to the
/// sums before they are stored.
enum BlockedChoice {
  /// - Parameters:
  ///   - own: operands of the node itself, flattened; those of what it absorbs follow.
  ///   - source, weight, bias: operands by position.
  static func convolution(
    _ site: Site, _ plan: BlockedConvolution, own: Int, source: Int, weight: Int, bias: Int?, operations: Double
  ) -> Choice {
    let shape = Shape(
      own: own, source: source, weight: weight, bias: bias, outputs: plan.convolution.outputs,
      from: plan.algorithm == .planar ? .rowMajor : .blocked, packing: packing(plan.weights),
      images: plan.splitsImages ? plan.convolution.batch : nil,
      // Bits of several images cannot be told apart by bytes.
      givesSigns: plan.givesSigns && plan.convolution.batch == 1, canHalve: plan.canHalve)
    return choice(
      site, shape, plan.algorithm.rawValue, operations, scratch: plan.scratchBytes, chunks: plan.chunks,
      seconds: plan.seconds
    ) { plan.run(chunk: $0, x: $1, packed: $2, epilogue: $3, y: $4, scratch: $5) }
  }

  static func transposed(
    _ site: Site, _ plan: BlockedTransposedConvolution, outputs: Int, bias: Int?, operations: Double
  ) -> Choice {
    let packing = Preparation(plan.weightsName, byteCount: plan.weightBytes, chunks: plan.weightChunks) {
      plan.pack(
        chunk: $0, weight: $1.assumingMemoryBound(to: Float.self), packed: $2.assumingMemoryBound(to: Float.self))
    }
    let shape = Shape(
      own: bias == nil ? 2 : 3, source: 0, weight: 1, bias: bias, outputs: outputs, from: .blocked, packing: packing)
    return choice(
      site, shape, "direct-phases", operations, scratch: plan.scratchBytes, chunks: plan.chunks, seconds: plan.seconds
    ) { plan.run(chunk: $0, x: $1, packed: $2, epilogue: $3, y: $4, scratch: $5) }
  }

  private struct Shape {
    let own: Int
    let source: Int
    let weight: Int
    let bias: Int?
    let outputs: Int
    /// The layout of the source.
    let from: Layout
    let packing: Preparation
    /// Where chunks belong to one image each.
    var images: Int?
    var givesSigns = false
    var canHalve = false
  }

  private static func choice(
    _ site: Site, _ shape: Shape, _ name: String, _ operations: Double, scratch: Int, chunks: Int, seconds: Double,
    _ run:
      @escaping @Sendable (
        Int, UnsafePointer<Float>, UnsafePointer<Float>, Epilogue, UnsafeMutablePointer<Float>, UnsafeMutableRawPointer
      ) -> Void
  ) -> Choice {
    let after = After(site, own: shape.own, channels: shape.outputs)
    let (source, weight, bias) = (shape.source, shape.weight, shape.bias)
    var layouts = Array(repeating: Layout.rowMajor, count: shape.own)
    layouts[source] = shape.from
    layouts[weight] = .prepared(shape.packing)
    if let bias { layouts[bias] = channels(shape.outputs, given: shape.outputs) }
    let operandLayouts = layouts + after.layouts
    /// With what `besides` lets the kernel do to its results.
    @Sendable func choice(
      _ name: String, more: [Layout] = [], byProduct: ByProduct? = nil,
      halved: (@Sendable (Halving.Places?) -> Choice)? = nil,
      besides: @escaping @Sendable (KernelCall, inout Epilogue) -> Void = { _, _ in }
    ) -> Choice {
      Choice(
        name, operandLayouts: operandLayouts, resultLayouts: [.blocked] + more, operations: operations,
        scratch: scratch, chunks: chunks, absorbs: after.count, prevails: true, seconds: seconds,
        images: shape.images.map { Images(count: $0, operands: [source] + after.likeResult) }, byProduct: byProduct,
        halved: halved
      ) { call in
        var epilogue = after.epilogue(call)
        epilogue.bias = bias.map { call.input($0) }
        besides(call, &epilogue)
        run(call.chunk, call.input(source), call.input(weight), epilogue, call.output(), call.scratch)
      }
    }
    let signs = shape.givesSigns ? signs(site.result.shape) : nil
    let byProduct = signs.map { layout in
      ByProduct(layout) {
        choice(
          name + "+signs", more: [layout],
          besides: { call, epilogue in epilogue.signs = call.results[1].assumingMemoryBound(to: UInt16.self) })
      }
    }
    guard shape.canHalve else { return choice(name, byProduct: byProduct) }
    return choice(
      name, byProduct: byProduct,
      halved: { places in
        choice(
          name + "+pool",
          besides: { call, epilogue in
            epilogue.halves = Epilogue.Halves(
              places: places == nil ? nil : call.results[1].assumingMemoryBound(to: UInt8.self),
              positive: places == .positive)
          })
      })
  }

  private static func packing(_ weights: PackedWeights) -> Preparation {
    Preparation(weights.name, byteCount: weights.byteCount, chunks: weights.chunks) { chunk, source, target in
      weights.pack(
        chunk: chunk, weight: source.assumingMemoryBound(to: Float.self),
        packed: target.assumingMemoryBound(to: Float.self))
    }
  }

  /// A bit per element of a value of that shape: whether it is above zero.
  static func signs(_ shape: [Int]) -> Layout {
    let signs = BlockedSigns(shape: shape)
    return .prepared(
      Preparation("signs \(shape)", byteCount: signs.byteCount, chunks: signs.chunks, source: .blocked) {
        signs.run(
          chunk: $0, x: $1.assumingMemoryBound(to: Float.self), bits: $2.assumingMemoryBound(to: UInt16.self))
      })
  }

  /// One number per channel, filled up with zeros to whole blocks; one number given stands for all channels.
  static func channels(_ count: Int, given: Int) -> Layout {
    let filled = Blocked.blocks(count) * Blocked.block
    if given == filled { return .rowMajor }
    return .prepared(
      Preparation("channels \(count) of \(given)", byteCount: 4 * filled) { _, source, target in
        let (from, to) = (
          source.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Float.self)
        )
        for channel in 0..<filled { to[channel] = channel < count ? from[given == 1 ? 0 : channel] : 0 }
      })
  }

  /// What a convolution does to its sums: as many of the followers as come in the order residual, activation, mask.
  struct After: Sendable {
    let count: Int
    let layouts: [Layout]
    private var residual: Int?
    private var activation = Epilogue.Activation.none
    private var slope: Int?
    private var low: Float = 0
    private var high: Float = 0
    private var mask: Int?

    init(_ site: Site, own: Int, channels: Int) {
      var layouts: [Layout] = []
      var stage = 0
      var count = 0
      for follower in site.followers {
        let operand = own + layouts.count
        switch follower.kind {
        case .add where stage < 1:
          residual = operand
          layouts.append(.blocked)
          stage = 1
        case .rectify where stage < 2:
          activation = .rectify
          stage = 2
        case .lean(let slopes) where stage < 2:
          activation = .lean
          slope = operand
          layouts.append(BlockedChoice.channels(channels, given: slopes))
          stage = 2
        case .bound(let low, let high) where stage < 2:
          activation = .bound
          (self.low, self.high) = (low, high)
          stage = 2
        case .mask where stage < 3:
          mask = operand
          layouts.append(BlockedChoice.signs(site.result.shape))
          stage = 3
        default: stage = 4
        }
        if stage == 4 { break }
        count += 1
      }
      (self.count, self.layouts) = (count, layouts)
    }

    /// Operands that have images as the result has. (The bits of a mask are of all images at once.)
    var likeResult: [Int] { [residual].compactMap { $0 } }

    func epilogue(_ call: KernelCall) -> Epilogue {
      var result = Epilogue()
      result.residual = residual.map { call.input($0) }
      result.activation = activation
      result.slope = slope.map { call.input($0) }
      result.mask = mask.map { call.operands[$0].assumingMemoryBound(to: UInt16.self) }
      (result.low, result.high) = (low, high)
      return result
    }
  }
}
