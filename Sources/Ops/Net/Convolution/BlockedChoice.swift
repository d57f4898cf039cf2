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
    let outputs = plan.convolution.outputs
    let after = After(site, own: own, channels: outputs)
    var layouts = Array(repeating: Layout.rowMajor, count: own)
    layouts[source] = plan.algorithm == .planar ? .rowMajor : .blocked
    layouts[weight] = .prepared(packing(plan.weights))
    if let bias { layouts[bias] = channels(outputs, given: outputs) }
    return Choice(
      plan.algorithm.rawValue, operandLayouts: layouts + after.layouts, resultLayouts: [.blocked],
      operations: operations, scratch: plan.scratchBytes, chunks: plan.chunks, absorbs: after.count,
      prevails: true, seconds: plan.seconds,
      images: plan.splitsImages
        ? Images(count: plan.convolution.batch, operands: [source] + after.likeResult) : nil
    ) { call in
      var epilogue = after.epilogue(call)
      epilogue.bias = bias.map { call.input($0) }
      plan.run(
        chunk: call.chunk, x: call.input(source), packed: call.input(weight), epilogue: epilogue, y: call.output(),
        scratch: call.scratch)
    }
  }

  private static func packing(_ weights: PackedWeights) -> Preparation {
    Preparation(weights.name, byteCount: weights.byteCount, chunks: weights.chunks) { chunk, source, target in
      weights.pack(
        chunk: chunk, weight: source.assumingMemoryBound(to: Float.self),
        packed: target.assumingMemoryBound(to: Float.self))
    }
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
          layouts.append(.blocked)
          stage = 3
        default: stage = 4
        }
        if stage == 4 { break }
        count += 1
      }
      (self.count, self.layouts) = (count, layouts)
    }

    /// Operands that lie like the result.
    var likeResult: [Int] { [residual, mask].compactMap { $0 } }

    func epilogue(_ call: KernelCall) -> Epilogue {
      var result = Epilogue()
      result.residual = residual.map { call.input($0) }
      result.activation = activation
      result.slope = slope.map { call.input($0) }
      result.mask = mask.map { call.input($0) }
      (result.low, result.high) = (low, high)
      return result
    }
  }
}
