import CKernels

/// A convolution in the blocked layout with packed weights, by the algorithm that suits its sizes. Which one it is
/// and how each result is summed depend on the sizes of one image only, so batching and splitting change no bit.
public struct BlockedConvolution: Sendable {
  public enum Algorithm: String, Sendable {
    case winograd = "winograd-4x4"
    /// Fewer products and more rounding, for layers that are work enough.
    case wideWinograd = "winograd-6x6"
    case direct
    /// Rows are images: for so few places that most of the window lies on the border.
    case byImage = "direct-images"
    /// Reads [C, H, W]: a block of 16 would be mostly filling.
    case planar = "direct-planar"
    /// Few outputs: a block of 16 results would be mostly filling.
    case narrow
    case depthwise

    /// Of Winograd's transforms, how many results a tile is high and wide.
    public var tile: Int? {
      switch self {
      case .winograd: 4
      case .wideWinograd: 6
      default: nil
      }
    }
  }

  public let algorithm: Algorithm
  public let convolution: Convolution
  /// The weights are those of a convolution the other way, whose input gradient this is.
  public let isFlipped: Bool
  /// The weights are packed as for the convolution whose input gradient this is, and turned as they are read.
  public let isTurned: Bool
  /// How the results are split; outputs in multiples of 32, which are whole panels at every level.
  let pieces: Int
  /// Rows, strips of positions or images of a piece; for Winograd's, tiles that are transformed at a time.
  let pieceSize: Int
  let outputSize: Int
  /// Of Winograd's tiles.
  private var split: WinogradCost.Split?

  /// nil where the row-major kernels have to do it: several groups that are not single channels.
  public init?(_ convolution: Convolution) { self.init(convolution, isFlipped: false, forward: nil) }

  /// The convolution of dy that gives dx. Strides would scatter dy and folded borders need the padded planes, so both
  /// stay with the row-major kernels.
  public init?(inputGradientOf forward: Convolution) {
    let reach = Extent(
      forward.dilation.height * (forward.kernel.height - 1), forward.dilation.width * (forward.kernel.width - 1))
    let pads = Pads(
      top: reach.height - forward.pads.top, left: reach.width - forward.pads.left,
      bottom: reach.height - forward.pads.bottom, right: reach.width - forward.pads.right)
    guard forward.stride == Extent(1, 1), forward.padMode == .zero || forward.pads == Pads(), forward.groups == 1,
      min(pads.top, pads.left) >= 0
    else { return nil }
    let backward = Convolution(
      batch: forward.batch, channels: forward.outputs, input: forward.output, outputs: forward.channels,
      kernel: forward.kernel, dilation: forward.dilation, pads: pads)
    precondition(backward.output == forward.input, "the gradient has the size of the input")
    self.init(backward, isFlipped: true, forward: forward)
  }

  private init?(_ convolution: Convolution, isFlipped: Bool, forward: Convolution?) {
    let isDepthwise = convolution.isDepthwise && convolution.groups > 1
    guard convolution.groups == 1 || isDepthwise else { return nil }
    self.convolution = convolution
    self.isFlipped = isFlipped
    let isPlain = convolution.stride == Extent(1, 1) && convolution.dilation == Extent(1, 1)
    let (channels, outputs, area) = (convolution.channels, convolution.outputs, convolution.outputArea)
    if isDepthwise {
      algorithm = .depthwise
    } else if channels <= 4 {
      // 3 of 16 lanes used would cost five times the work; and the first layer of a network sees its full precision.
      algorithm = .planar
    } else if outputs <= 4, channels >= Blocked.block, convolution.kernel.height * convolution.kernel.width >= 9 {
      // Sums of 16 channels at a time waste nothing; adding up the lanes costs as much as two taps.
      algorithm = .narrow
    } else if area <= 4, convolution.kernel != Extent(1, 1), convolution.padMode == .zero || convolution.pads == Pads()
    {
      // 4 of 9 places of a 3 x 3 window lie inside a 2 x 2 picture, and strips of positions would be mostly empty.
      algorithm = .byImage
    } else if convolution.kernel == Extent(3, 3), isPlain, min(convolution.output.height, convolution.output.width) > 2
    {
      // 36 products instead of 144 per tile and channel pair; transforms cost about 220 and 150 cycles per tile and
      // block against 9 channels x outputs, so it wins from one block on, unless the tile is mostly outside.
      algorithm = WinogradCost.prefersWide(convolution) ? .wideWinograd : .winograd
    } else {
      algorithm = .direct
    }
    if let forward { isTurned = WinogradCost.turns(forward, algorithm) } else { isTurned = false }
    switch algorithm {
    case .winograd, .wideWinograd:
      let split = WinogradCost.split(convolution, tile: algorithm.tile!)
      (pieces, pieceSize, outputSize) = (split.pieces, split.group, split.outputs)
      self.split = split
    case .direct, .planar, .narrow:
      // Most of a million operations per chunk: seven microseconds, several times what it costs to hand one out.
      let each = 2 * convolution.taps * outputs
      let isFlat = convolution.isFlat
      let unit = isFlat ? 12 : convolution.output.width
      let units = isFlat ? parts(area, size: 12) : convolution.output.height
      if units < 8 && outputs >= 64 && each * area > 3_000_000 {
        (pieces, pieceSize) = (1, units)
        outputSize = max(32, (outputs / 4 + 31) / 32 * 32)
      } else {
        // Of what fills many chunks anyway each takes a long run of memory, or two threads would read line by line in
        // turn.
        let least = isFlat ? units / 64 : 1
        pieceSize = Self.evened(units, size: max(1, least, min(units, 750_000 / max(1, each * unit))))
        pieces = parts(units, size: pieceSize)
        // With few pieces, one more for one of the threads would be felt.
        let halves = isFlat && pieces > 1 && pieces < 24 && outputs >= 64
        outputSize = halves ? (outputs / 2 + 31) / 32 * 32 : outputs
      }
    case .byImage:
      pieceSize = max(1, min(Int(weft_image_rows) / max(1, area), convolution.batch))
      pieces = parts(convolution.batch, size: pieceSize)
      let share = pieces == 1 ? 4 : pieces < 8 ? 2 : 1
      outputSize = max(32, (outputs / share + 31) / 32 * 32)
    case .depthwise:
      // What is read and written costs as much as four products per element.
      let blocks = Blocked.blocks(outputs)
      let each = 8 * (convolution.inputArea + (1 + convolution.taps / 4) * area + convolution.taps) * Blocked.block
      let height = max(1, convolution.output.height)
      let rows = max(1, 1_000_000 / max(1, 2 * convolution.taps * convolution.output.width * Blocked.block))
      // Halves of the rows, not of the channels: the convolutions of one tap before and behind are cut by positions, so
      // that each thread finds most of what it reads in its own cache.
      let halves = height >= 4 && each * blocks > 500_000
      pieceSize = rows < height ? Self.evened(height, size: rows) : halves ? (height + 1) / 2 : height
      pieces = parts(height, size: pieceSize)
      // Small planes go several at a time, in parts of equal size.
      let most = rows < height ? 1 : max(1, 250_000 * pieces / max(1, each))
      outputSize = parts(blocks, size: parts(blocks, size: most)) * Blocked.block
    }
  }

  /// About that size, so that there are as many pieces for each of two threads.
  private static func evened(_ units: Int, size: Int) -> Int {
    guard size < units else { return size }
    return (max(1, size * 2 / 3)...size).reversed().first { parts(units, size: $0) % 2 == 0 } ?? size
  }

  public var chunks: Int {
    let outputChunks = parts(convolution.outputs, size: outputSize)
    return pieces * outputChunks * (algorithm.tile != nil || algorithm == .byImage ? 1 : convolution.batch)
  }

  /// Whether each chunk belongs to one image, the chunks of an image in a row.
  public var splitsImages: Bool { algorithm.tile == nil && algorithm != .byImage }

  /// Bytes of scratch for one chunk.
  public var scratchBytes: Int {
    let c = convolution
    switch algorithm {
    case .winograd, .wideWinograd:
      return 4 * weft_winograd_scratch(algorithm.tile!, c.channels, c.outputs, pieceSize)
    case .byImage:
      let rows = (pieceSize * c.outputArea + 3) / 4 * 4
      return 4 * (Blocked.blocks(c.channels) + Blocked.blocks(c.outputs)) * Blocked.block * rows
    case .depthwise, .narrow: return 0
    case .direct, .planar:
      let unit = algorithm == .planar ? 1 : Blocked.block
      let blocks = (c.channels + unit - 1) / unit
      let columns = c.isFlat ? 12 : c.output.width
      let positions = (columns + 11) / 12 * 12
      let reach = (positions - 1) * c.stride.width + (c.kernel.width - 1) * c.dilation.width + 1
      return 4 * blocks * unit * c.kernel.height * reach * weft_direct_group(columns)
    }
  }

  /// Results that are larger are not in the last cache any more when the next layer reads them.
  private static let lastCache = 24 << 20

  private func resultBytes(halved: Bool) -> Int {
    let (c, part) = (convolution, halved ? 2 : 1)
    return 4 * Blocked.count([c.batch, c.outputs, c.output.height / part, c.output.width / part])
  }

  /// Whether results can be passed through a pool before they are stored (`Epilogue.halves`).
  public var canHalve: Bool { algorithm.tile != nil }

  /// Whether the signs of the results can be written on the way (`Epilogue.signs`).
  public var givesSigns: Bool { algorithm.tile != nil || algorithm == .direct || algorithm == .planar }

  /// Seconds on a core of about 100 GFLOP/s, for choosing between kernels.
  public var seconds: Double {
    let c = convolution
    let products = Double(c.batch * c.taps) * Double(c.outputs * c.outputArea)
    switch algorithm {
    case .winograd: return products / 160e9
    case .wideWinograd: return products / 180e9
    case .direct, .planar, .narrow, .byImage: return products / 50e9
    case .depthwise: return products / 20e9
    }
  }

  public func run(
    chunk: Int, x: UnsafePointer<Float>, packed: UnsafePointer<Float>, epilogue: Epilogue,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let c = convolution
    var settings = epilogue.settings
    let isLarge = resultBytes(halved: epilogue.halves != nil) >= Self.lastCache
    settings.streams = isLarge && UInt(bitPattern: y) % 64 == 0 ? 1 : 0
    var window = c.window
    let kernels = weft_kernels()
    let outputChunks = parts(c.outputs, size: outputSize)
    let outputs = part(chunk % outputChunks, of: c.outputs, size: outputSize)
    let piece = chunk / outputChunks
    switch algorithm {
    case .winograd, .wideWinograd:
      let size = algorithm.tile!
      let tiles = split!.tiles(piece, of: c.batch * c.tiles(size))
      guard !tiles.isEmpty else { return }
      kernels.pointee.winograd(
        &window, size, c.outputs, x, packed, isTurned ? 1 : 0, &settings, pieceSize, tiles.lowerBound,
        tiles.upperBound, outputs.lowerBound, outputs.upperBound, y, scratch)
    case .direct, .planar:
      let (image, index) = (piece / pieces, piece % pieces)
      let isPlanar = algorithm == .planar
      let source = x + image * (isPlanar ? c.channels : Blocked.blocks(c.channels) * Blocked.block) * c.inputArea
      let at = image * Blocked.blocks(c.outputs) * Blocked.block * c.outputArea
      var rows = part(index, of: c.output.height, size: pieceSize)
      var columns = 0..<c.output.width
      if c.isFlat {
        // Positions in one long row, so that strips do not end with every row of the picture.
        (window.height, window.width, window.output_height, window.output_width) = (1, c.inputArea, 1, c.outputArea)
        rows = 0..<1
        columns = part(index, of: c.outputArea, size: pieceSize * 12)
      }
      guard !rows.isEmpty, !columns.isEmpty, !outputs.isEmpty else { return }
      var steps = weft_steps(
        row: window.output_width * Blocked.block, column: Blocked.block, block: c.outputArea * Blocked.block)
      // As many positions at a time as stay in the cache from one panel of outputs to the next.
      let stretch = c.isFlat ? max(12, 65_536 / max(1, c.channels) / 12 * 12) : columns.count
      for start in stride(from: columns.lowerBound, to: columns.upperBound, by: stretch) {
        kernels.pointee.direct(
          &window, c.outputs, isPlanar ? 1 : 0, source, packed, &settings, &steps, rows.lowerBound, rows.upperBound,
          start, min(start + stretch, columns.upperBound), outputs.lowerBound, outputs.upperBound, at, y, scratch)
      }
    case .narrow:
      let (image, index) = (piece / pieces, piece % pieces)
      let rows = part(index, of: c.output.height, size: pieceSize)
      kernels.pointee.narrow(
        &window, c.outputs, x + image * Blocked.blocks(c.channels) * Blocked.block * c.inputArea, packed, &settings,
        rows.lowerBound, rows.upperBound, image * Blocked.block * c.outputArea, y)
    case .byImage:
      let images = part(piece, of: c.batch, size: pieceSize)
      guard !images.isEmpty, !outputs.isEmpty else { return }
      kernels.pointee.by_image(
        &window, c.outputs, x, packed, &settings, images.lowerBound, images.upperBound, outputs.lowerBound,
        outputs.upperBound, y, scratch)
    case .depthwise:
      let (image, index) = (piece / pieces, piece % pieces)
      let rows = part(index, of: c.output.height, size: pieceSize)
      for channel in stride(from: outputs.lowerBound, to: outputs.upperBound, by: Blocked.block) {
        let first = image * Blocked.blocks(c.outputs) * Blocked.block + channel
        kernels.pointee.blocked_depthwise(
          &window, x + first * c.inputArea, packed + channel * c.taps, &settings, channel, rows.lowerBound,
          rows.upperBound, first * c.outputArea, y)
      }
    }
  }
}

extension Convolution {
  /// Tiles of size² results of one image.
  func tiles(_ size: Int) -> Int { (output.height + size - 1) / size * ((output.width + size - 1) / size) }

  /// One tap, moved by one: rows need not be told apart.
  var isFlat: Bool {
    kernel == Extent(1, 1) && stride == Extent(1, 1) && pads == Pads() && output == input
  }
}
