import Kernels
import Language

/// A window that moves over the two spatial axes of [N, C, H, W]: what convolutions and pools share.
struct Window: Sendable {
  enum Padding: Sendable, Hashable {
    /// Output extent ceil(input / stride); of an odd total the larger half goes after (TensorFlow's SAME).
    case same
    case sides(top: Int, left: Int, bottom: Int, right: Int)
  }

  /// Per axis: height, width.
  let stride: [Int]
  let dilation: [Int]
  let padding: Padding
  /// Rounds the number of windows up; a window must still start inside the input or the padding before it (PyTorch).
  let ceil: Bool

  static let padding = Param(
    "padding", .any, default: .int(0),
    "border added before the window moves: an integer, [height, width], [top, left, bottom, right], \"valid\" (none) or "
      + "\"same\" (as TensorFlow: ceil(input / stride) windows, of an odd total the larger half after)")

  static let dilation = Param(
    "dilation", .ints(.positive, counts: [2]), default: .int(1), "distance between taps of the kernel")

  init(_ attributes: Attributes) throws(Fault) {
    stride =
      attributes.has("stride") ? attributes.ints("stride", count: 2) : attributes.ints("kernel", count: 2)
    dilation = attributes.has("dilation") ? attributes.ints("dilation", count: 2) : [1, 1]
    padding = try Window.padding(attributes["padding"] ?? .int(0))
    ceil = attributes.has("ceil") && attributes.bool("ceil")
  }

  private static func padding(_ value: Literal) throws(Fault) -> Padding {
    switch value {
    case .string("same"): return .same
    case .string("valid"): return .sides(top: 0, left: 0, bottom: 0, right: 0)
    case .int(let n) where n >= 0: return .sides(top: n, left: n, bottom: n, right: n)
    case .array(let items):
      let sides = items.compactMap { if case .int(let n) = $0, n >= 0 { n } else { nil } }
      guard sides.count == items.count else { throw .paddingForm(value) }
      if sides.count == 2 { return .sides(top: sides[0], left: sides[1], bottom: sides[0], right: sides[1]) }
      if sides.count == 4 { return .sides(top: sides[0], left: sides[1], bottom: sides[2], right: sides[3]) }
      throw .paddingForm(value)
    default: throw .paddingForm(value)
    }
  }

  /// Border before and after along an axis (0 height, 1 width).
  func pads(_ axis: Int, extent: Int, kernel: Int) -> (before: Int, after: Int) {
    switch padding {
    case .sides(let top, let left, let bottom, let right): return axis == 0 ? (top, bottom) : (left, right)
    case .same:
      let windows = (extent + stride[axis] - 1) / stride[axis]
      let total = max((windows - 1) * stride[axis] + (kernel - 1) * dilation[axis] + 1 - extent, 0)
      return (total / 2, total - total / 2)
    }
  }

  func pads(_ input: Extent, kernel: Extent) -> Pads {
    let rows = pads(0, extent: input.height, kernel: kernel.height)
    let columns = pads(1, extent: input.width, kernel: kernel.width)
    return Pads(top: rows.before, left: columns.before, bottom: rows.after, right: columns.after)
  }

  /// Number of places of the window along an axis. Extents may be symbols.
  func places(_ axis: Int, extent: Dim, kernel: Dim) throws(Fault) -> Dim {
    guard case .sides = padding else { return extent.dividedUp(by: stride[axis]) }
    let pads = self.pads(axis, extent: 0, kernel: 0)
    let covered = (kernel - 1) * Dim(dilation[axis]) + 1
    if let n = extent.value, let window = covered.value, n + pads.before + pads.after < window {
      throw .windowTooLarge(axis + 2, n, pads, window)
    }
    let room = extent + Dim(pads.before + pads.after) - covered
    guard ceil else { return room / stride[axis] + 1 }
    // The last window must start before extent + pads.before: at most (extent + pads.before - 1) / stride + 1 windows.
    // Both bounds are floors over the same symbols, so the smaller one is known from the constants.
    guard let window = covered.value else { return room.dividedUp(by: stride[axis]) + 1 }
    let slack = min(pads.after - window + stride[axis] - 1, -1)
    return (extent + Dim(pads.before + slack)) / stride[axis] + 1
  }
}

extension Pads {
  /// The border as the param of an op that is emitted.
  var literal: Literal { .ints([top, left, bottom, right]) }
}

extension Extent {
  init(_ pair: [Int]) { self.init(pair[0], pair[1]) }
  var literal: Literal { .ints([height, width]) }
}

extension Literal {
  static func ints(_ values: [Int]) -> Literal { .array(values.map { .int($0) }) }
}
