import CKernels

/// Weights in the order in which a blocked convolution reads them. Packing depends on the instruction set.
public struct PackedWeights: Sendable {
  private let algorithm: BlockedConvolution.Algorithm
  private let channels: Int
  private let outputs: Int
  private let taps: Int
  private let isFlipped: Bool

  /// Outputs per chunk: whole panels at every level.
  private static let piece = 32

  init(_ blocked: BlockedConvolution) {
    let c = blocked.convolution
    (algorithm, isFlipped) = (blocked.algorithm, blocked.isFlipped && !blocked.isTurned)
    (channels, outputs) = blocked.isTurned ? (c.outputs, c.channels) : (c.groupChannels, c.outputs)
    taps = c.kernel.height * c.kernel.width
  }

  /// What makes two packings the same.
  public var name: String {
    "\(algorithm.rawValue)\(isFlipped ? "-flipped" : "") \(outputs)x\(channels)x\(taps) \(InstructionSet.current)"
  }

  public var byteCount: Int {
    if algorithm == .narrow { return 4 * Blocked.blocks(channels) * Blocked.block * taps * outputs }
    let perOutput = channels * (algorithm.tile.map { ($0 + 2) * ($0 + 2) } ?? taps)
    return 4 * Blocked.blocks(outputs) * Blocked.block * perOutput
  }

  public var chunks: Int { algorithm == .depthwise || algorithm == .narrow ? 1 : parts(outputs, size: Self.piece) }

  /// From [outputs, channels, height, width], or with the first two exchanged for an input gradient.
  public func pack(chunk: Int, weight: UnsafePointer<Float>, packed: UnsafeMutablePointer<Float>) {
    let range = part(chunk, of: outputs, size: Self.piece)
    let kernels = weft_kernels()
    switch algorithm {
    case .winograd, .wideWinograd:
      kernels.pointee.winograd_weights(
        algorithm.tile!, outputs, channels, isFlipped ? 1 : 0, range.lowerBound, range.upperBound, weight, packed)
    case .direct, .planar, .byImage:
      let order =
        switch algorithm {
        case .planar: weft_pack_planar
        case .byImage: weft_pack_taps
        default: weft_pack_blocks
        }
      kernels.pointee.direct_weights(
        outputs, channels, taps, Int32(order), isFlipped ? 1 : 0, range.lowerBound, range.upperBound, weight, packed)
    case .narrow:
      for index in 0..<Blocked.blocks(channels) * taps * outputs * Blocked.block {
        let (lane, output) = (index % Blocked.block, index / Blocked.block % outputs)
        let (tap, block) = (index / Blocked.block / outputs % taps, index / Blocked.block / outputs / taps)
        let channel = block * Blocked.block + lane
        let source =
          isFlipped ? (channel * outputs + output) * taps + taps - 1 - tap : (output * channels + channel) * taps + tap
        packed[index] = channel < channels ? weight[source] : 0
      }
    case .depthwise:
      for block in 0..<Blocked.blocks(outputs) {
        for tap in 0..<taps {
          for lane in 0..<Blocked.block {
            let channel = block * Blocked.block + lane
            packed[(block * taps + tap) * Blocked.block + lane] = channel < outputs ? weight[channel * taps + tap] : 0
          }
        }
      }
    }
  }
}

extension BlockedConvolution {
  public var weights: PackedWeights { PackedWeights(self) }
}
