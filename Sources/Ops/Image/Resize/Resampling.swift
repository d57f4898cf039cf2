import Kernels
import Language

/// What lies between the pixels, and where pixels lie, in the words of graph files.
enum Resampling {
  enum Filter: String, Sendable, CaseIterable { case nearest, bilinear, bicubic, lanczos, box }

  enum Convention: String, Sendable, CaseIterable {
    /// Half-pixel centres; filters widened by the shrink factor; bicubic with a = -0.5.
    case pillow
    /// Half-pixel centres, nothing widened, bicubic with a = -0.75; nearest rounds o · in / out down.
    case opencv
    /// torch.nn.functional.interpolate with align_corners false.
    case torch = "torch_half_pixel"
    /// First and last centres coincide (align_corners true).
    case corners = "align_corners"
    /// o · in / out without half-pixel shift (ONNX asymmetric).
    case asymmetric
  }

  /// The table of one axis. `factor` is the enlargement asked for, where it is to be used in place of the quotient of
  /// the sizes. Box and Lanczos filters widen under every convention.
  static func table(
    _ input: Int, _ output: Int, _ filter: Filter, _ convention: Convention, factor: Double? = nil
  ) -> ResizeTable {
    let span = factor.map { Double(output) / $0 } ?? Double(input)
    let range = 0...span
    switch (filter, convention) {
    case (.nearest, .pillow):
      // Pillow rounds the centre (o + 1/2) · in / out down.
      let shift = span / Double(max(1, output)) / 2
      return ResizeTable(
        input: input, output: output, filter: .nearest, coordinates: .asymmetric, range: shift...(shift + span))
    case (.nearest, .corners):
      return ResizeTable(input: input, output: output, filter: .nearest, coordinates: .alignCorners)
    case (.nearest, _):
      return ResizeTable(input: input, output: output, filter: .nearest, coordinates: .asymmetric, range: range)
    case (.box, _), (.lanczos, _), (_, .pillow):
      return ResizeTable(
        input: input, output: output, filter: kernel(filter, a: -0.5), coordinates: .antialiased, range: range)
    case (_, .corners):
      return ResizeTable(input: input, output: output, filter: kernel(filter, a: -0.75), coordinates: .alignCorners)
    case (_, .asymmetric):
      return ResizeTable(
        input: input, output: output, filter: kernel(filter, a: -0.75), coordinates: .asymmetric, range: range)
    case (_, .opencv), (_, .torch):
      return ResizeTable(
        input: input, output: output, filter: kernel(filter, a: -0.75), coordinates: .halfPixel, range: range)
    }
  }

  static func kernel(_ filter: Filter, a: Double) -> ResizeTable.Filter {
    switch filter {
    case .nearest: .nearest
    case .bilinear: .bilinear
    case .bicubic: a == -0.5 ? .catmullRom : .bicubic
    case .lanczos: .lanczos
    case .box: .box
    }
  }
}

extension ResizeTable {
  /// The input elements that a range of outputs reads.
  func needed(_ range: Range<Int>) -> Range<Int> {
    var low = Int.max
    var high = 0
    for place in range where counts[place] > 0 {
      low = min(low, Int(starts[place]))
      high = max(high, Int(starts[place]) + Int(counts[place]))
    }
    return low < high ? low..<high : 0..<0
  }
}
