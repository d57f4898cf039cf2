/// Padding of planes: y [.., height + top + bottom, width + left + right] from x [.., height, width]. Negative pads
/// crop. The planes are any leading dimensions, flattened.
public struct Pad: Sendable, Hashable {
  public let input: Extent
  public let pads: Pads
  public let mode: PadMode
  /// What `.zero` mode fills with.
  public let value: Float
  public let output: Extent

  public init(input: Extent, pads: Pads, mode: PadMode = .zero, value: Float = 0) {
    self.input = input
    self.pads = pads
    self.mode = mode
    self.value = value
    output = Extent(input.height + pads.top + pads.bottom, input.width + pads.left + pads.right)
  }

  public func forward(planes: Range<Int>, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    for plane in planes {
      let source = x + plane * input.height * input.width
      var target = y + plane * output.height * output.width
      for row in 0..<output.height {
        if let from = Self.source(row - pads.top, input.height, mode) {
          line(source + from * input.width, target)
        } else {
          target.update(repeating: value, count: output.width)
        }
        target += output.width
      }
    }
  }

  /// dx = the gradient of x: each dy goes to the element it was read from, in row order; overwrites dx.
  public func gradient(planes: Range<Int>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>) {
    for plane in planes {
      let target = dx + plane * input.height * input.width
      target.update(repeating: 0, count: input.height * input.width)
      for row in 0..<output.height {
        guard let to = Self.source(row - pads.top, input.height, mode) else { continue }
        let line = dy + (plane * output.height + row) * output.width
        for column in 0..<output.width {
          guard let index = Self.source(column - pads.left, input.width, mode) else { continue }
          target[to * input.width + index] += line[column]
        }
      }
    }
  }

  private func line(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    let before = min(max(0, pads.left), output.width)
    let first = max(0, -pads.left)
    let inside = max(0, min(input.width - first, output.width - before))
    (target + before).update(from: source + first, count: inside)
    for column in [0..<before, (before + inside)..<output.width].joined() {
      target[column] = Self.source(column - pads.left, input.width, mode).map { source[$0] } ?? value
    }
  }

  /// The element that position `index`, which may lie outside 0..<count, reads; nil for a fill value.
  static func source(_ index: Int, _ count: Int, _ mode: PadMode) -> Int? {
    if index >= 0 && index < count { return index }
    switch mode {
    case .zero: return nil
    case .replicate: return index < 0 ? 0 : count - 1
    case .reflect:
      var index = index
      while index < 0 || index >= count { index = index < 0 ? -index : 2 * (count - 1) - index }
      return index
    }
  }
}
