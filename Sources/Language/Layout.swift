import Tensors

/// The order of a value's elements in memory.
public enum Layout: Sendable, Hashable {
  case rowMajor
  /// [N, C/block, H, W, block] of [N, C, H, W]: channels in blocks that fill a vector register; the last block is
  /// filled up with zeros.
  case channelBlocked(Int)
  /// What a kernel makes of an operand once, before it uses it many times: packed weights.
  indirect case prepared(Preparation)

  /// The blocks that Weft's kernels use: a register of AVX-512, two of AVX2, four of plain code.
  public static let blocked = Layout.channelBlocked(16)

  /// Bytes of a value of this layout.
  public func byteCount(_ type: Concrete) -> Int {
    switch self {
    case .rowMajor: return type.byteCount
    case .channelBlocked(let block):
      let shape = type.shape
      let padded = [shape[0], (shape[1] + block - 1) / block * block] + shape[2...]
      return Concrete(dtype: type.dtype, shape: padded).byteCount
    case .prepared(let preparation): return preparation.byteCount
    }
  }
}

extension Site {
  /// Layouts for a kernel that treats every element alike, whatever its place: operands of the result's shape and the
  /// result may then lie in any one layout. The filling of blocks must stay zero, so kernels that make something else
  /// of zero want channels that fill their blocks.
  public func flatLayouts(keepsZero: Bool) -> [Layout] {
    guard results.count == 1, result.dtype == .f32, result.shape.count == 4, result.shape.allSatisfy({ $0 > 0 }),
      result.shape[2] * result.shape[3] > 1, keepsZero || result.shape[1] % 16 == 0
    else { return [.rowMajor] }
    return [.rowMajor, .blocked]
  }

  /// Elements of the result's memory in a layout.
  public func elements(_ layout: Layout) -> Int { layout.byteCount(result) / result.dtype.size }
}

/// A form of an operand that a kernel wants. Values that do not change from run to run are prepared once and
/// shared by everything that prepares the same content the same way.
public struct Preparation: Sendable, Hashable {
  /// Identifies the transformation, sizes and instruction set included.
  public let name: String
  public let byteCount: Int
  public let chunks: Int
  /// What it is made from.
  public let source: Layout
  public let run: @Sendable (_ chunk: Int, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) -> Void

  public init(
    _ name: String, byteCount: Int, chunks: Int = 1, source: Layout = .rowMajor,
    run: @escaping @Sendable (_ chunk: Int, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) -> Void
  ) {
    self.name = name
    self.byteCount = byteCount
    self.chunks = chunks
    self.source = source
    self.run = run
  }

  public static func == (a: Preparation, b: Preparation) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
