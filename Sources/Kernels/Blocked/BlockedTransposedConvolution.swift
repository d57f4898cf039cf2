import CKernels

/// A transposed convolution in the blocked layout. Results whose places leave the same remainder by the stride read the
/// same taps, at distances of one: each such phase is an ordinary convolution, and no zero is multiplied.
public struct BlockedTransposedConvolution: Sendable {
  /// What the results of one remainder are along one axis.
  private struct Axis: Sendable {
    /// Taps by the place they read, that place falling from tap to tap in the transposed kernel.
    let taps: [Int]
    /// How far before its own place a result reads first.
    let pad: Int
    let count: Int
  }

  private struct Phase: Sendable {
    let rows: Axis
    let columns: Axis
    let first: Extent
    /// Floats of packed weights before this one's.
    let offset: Int
    /// Rows of results per chunk.
    let size: Int
  }

  private struct Piece: Sendable {
    let phase: Int
    let image: Int
    let rows: Range<Int>
  }

  private let geometry: TransposedConvolution
  private let phases: [Phase]
  private let pieces: [Piece]

  private var channels: Int { geometry.adjoint.outputs }
  private var outputs: Int { geometry.adjoint.channels }
  private var output: Extent { geometry.output }
  private var input: Extent { geometry.adjoint.output }

  /// nil where the row-major kernel has to do it: several groups, taps apart, or places that no tap reaches; and for few
  /// channels or outputs, whose blocks would be mostly filling.
  public init?(_ geometry: TransposedConvolution) {
    let adjoint = geometry.adjoint
    guard adjoint.groups == 1, adjoint.dilation == Extent(1, 1), min(adjoint.outputs, adjoint.channels) > 4,
      let rows = Self.axes(adjoint.stride.height, adjoint.kernel.height, adjoint.pads.top, geometry.output.height),
      let columns = Self.axes(adjoint.stride.width, adjoint.kernel.width, adjoint.pads.left, geometry.output.width)
    else { return nil }
    var phases: [Phase] = []
    var pieces: [Piece] = []
    var offset = 0
    for (y, row) in rows.enumerated() {
      for (x, column) in columns.enumerated() {
        let taps = row.taps.count * column.taps.count * adjoint.outputs
        // About a million operations per chunk, as in the convolution.
        let size = max(1, min(row.count, 1_500_000 / max(1, 2 * taps * adjoint.channels * column.count)))
        for image in 0..<adjoint.batch {
          for index in 0..<parts(row.count, size: size) where row.count > 0 && column.count > 0 {
            pieces.append(Piece(phase: phases.count, image: image, rows: part(index, of: row.count, size: size)))
          }
        }
        phases.append(Phase(rows: row, columns: column, first: Extent(y, x), offset: offset, size: size))
        offset += Blocked.blocks(adjoint.channels) * Blocked.block * taps
      }
    }
    self.geometry = geometry
    self.phases = phases
    self.pieces = pieces
  }

  /// Result p reads place (p + pad - tap) / stride wherever that is whole.
  private static func axes(_ stride: Int, _ kernel: Int, _ pad: Int, _ extent: Int) -> [Axis]? {
    var axes: [Axis] = []
    for remainder in 0..<stride {
      let taps = (0..<kernel).filter { (remainder + pad - $0) % stride == 0 }.reversed()
      guard let first = taps.first else { return nil }
      let place = (remainder + pad - first) / stride
      guard place <= 0 else { return nil }
      axes.append(Axis(taps: Array(taps), pad: -place, count: max(0, (extent - remainder + stride - 1) / stride)))
    }
    return axes
  }

  public var chunks: Int { max(1, pieces.count) }

  /// Bytes of scratch for one chunk.
  public var scratchBytes: Int {
    phases.map { phase in
      let positions = (phase.columns.count + 11) / 12 * 12 + phase.columns.taps.count - 1
      return 4 * Blocked.blocks(channels) * Blocked.block * phase.rows.taps.count * positions
        * weft_direct_group(phase.columns.count)
    }.max() ?? 0
  }

  /// Seconds on a core of about 100 GFLOP/s, for choosing between kernels.
  public var seconds: Double {
    let c = geometry.adjoint
    return Double(c.batch * c.taps) * Double(c.outputs * c.outputArea) / 40e9
  }

  /// What makes two packings the same.
  public var weightsName: String {
    let c = geometry.adjoint
    return "transposed \(outputs)x\(channels)x\(c.kernel.height),\(c.kernel.width) by \(c.stride.height),"
      + "\(c.stride.width) from \(c.pads.top),\(c.pads.left) \(InstructionSet.current)"
  }

  public var weightBytes: Int {
    4 * Blocked.blocks(outputs) * Blocked.block * channels * geometry.adjoint.kernel.height
      * geometry.adjoint.kernel.width
  }

  /// Packs the weights of one phase, from [channels, outputs, height, width].
  public var weightChunks: Int { phases.count }

  public func pack(chunk: Int, weight: UnsafePointer<Float>, packed: UnsafeMutablePointer<Float>) {
    let phase = phases[chunk]
    let kernel = geometry.adjoint.kernel
    let taps = phase.rows.taps.flatMap { y in phase.columns.taps.map { y * kernel.width + $0 } }
    let area = kernel.height * kernel.width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: outputs * channels * taps.count) { picked in
      for channel in 0..<channels {
        for output in 0..<outputs {
          for (index, tap) in taps.enumerated() {
            picked[(output * channels + channel) * taps.count + index] =
              weight[(channel * outputs + output) * area + tap]
          }
        }
      }
      weft_kernels().pointee.direct_weights(
        outputs, channels, taps.count, Int32(weft_pack_blocks), 0, 0, outputs, picked.baseAddress!,
        packed + phase.offset)
    }
  }

  public func run(
    chunk: Int, x: UnsafePointer<Float>, packed: UnsafePointer<Float>, epilogue: Epilogue,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    guard chunk < pieces.count else { return }
    let piece = pieces[chunk]
    let phase = phases[piece.phase]
    let stride = geometry.adjoint.stride
    let area = output.height * output.width
    var settings = epilogue.settings
    var window = weft_window(
      channels: channels, height: input.height, width: input.width, output_height: phase.rows.count,
      output_width: phase.columns.count, kernel_height: phase.rows.taps.count, kernel_width: phase.columns.taps.count,
      stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: 1, pad_top: phase.rows.pad,
      pad_left: phase.columns.pad, pad_mode: 0)
    var steps = weft_steps(
      row: stride.height * output.width * Blocked.block, column: stride.width * Blocked.block,
      block: area * Blocked.block)
    let at =
      (piece.image * Blocked.blocks(outputs) * area + phase.first.height * output.width + phase.first.width)
      * Blocked.block
    weft_kernels().pointee.direct(
      &window, outputs, 0, x + piece.image * Blocked.blocks(channels) * Blocked.block * input.height * input.width,
      packed + phase.offset, &settings, &steps, piece.rows.lowerBound, piece.rows.upperBound, 0, phase.columns.count, 0,
      outputs, at, y, scratch)
  }
}
