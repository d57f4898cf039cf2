/// A 2-D convolution as a plain loop in Double: the reference for every fast one.
public struct NaiveConvolution: Sendable {
  public var batch = 1
  public var channels = 1
  public var height = 1
  public var width = 1
  public var outputs = 1
  public var kernel = (1, 1)
  public var stride = (1, 1)
  public var dilation = (1, 1)
  public var groups = 1
  /// Top, left, bottom, right.
  public var pads = (0, 0, 0, 0)
  /// 0 zero, 1 reflect, 2 replicate.
  public var padMode = 0

  public init() {}

  public var outputHeight: Int { (height + pads.0 + pads.2 - dilation.0 * (kernel.0 - 1) - 1) / stride.0 + 1 }
  public var outputWidth: Int { (width + pads.1 + pads.3 - dilation.1 * (kernel.1 - 1) - 1) / stride.1 + 1 }

  private func source(_ index: Int, _ count: Int) -> Int? {
    if index >= 0 && index < count { return index }
    switch padMode {
    case 1: return index < 0 ? -index : 2 * (count - 1) - index
    case 2: return index < 0 ? 0 : count - 1
    default: return nil
    }
  }

  /// Calls `visit(x index, weight index, y index)` for every product of the convolution.
  public func products(_ visit: (Int, Int, Int) -> Void) {
    let (perGroup, perOutput) = (channels / groups, outputs / groups)
    for n in 0..<batch {
      for o in 0..<outputs {
        for oy in 0..<outputHeight {
          for ox in 0..<outputWidth {
            for c in 0..<perGroup {
              for ky in 0..<kernel.0 {
                for kx in 0..<kernel.1 {
                  guard let y = source(oy * stride.0 + ky * dilation.0 - pads.0, height),
                    let x = source(ox * stride.1 + kx * dilation.1 - pads.1, width)
                  else { continue }
                  visit(
                    ((n * channels + o / perOutput * perGroup + c) * height + y) * width + x,
                    ((o * perGroup + c) * kernel.0 + ky) * kernel.1 + kx,
                    ((n * outputs + o) * outputHeight + oy) * outputWidth + ox)
                }
              }
            }
          }
        }
      }
    }
  }

  public func forward(_ x: [Float], _ w: [Float]) -> [Double] {
    var y = [Double](repeating: 0, count: batch * outputs * outputHeight * outputWidth)
    products { y[$2] += Double(x[$0]) * Double(w[$1]) }
    return y
  }

  public func inputGradient(_ dy: [Float], _ w: [Float]) -> [Double] {
    var dx = [Double](repeating: 0, count: batch * channels * height * width)
    products { dx[$0] += Double(dy[$2]) * Double(w[$1]) }
    return dx
  }

  public func weightGradient(_ x: [Float], _ dy: [Float]) -> [Double] {
    var dw = [Double](repeating: 0, count: outputs * (channels / groups) * kernel.0 * kernel.1)
    products { dw[$1] += Double(x[$0]) * Double(dy[$2]) }
    return dw
  }
}
