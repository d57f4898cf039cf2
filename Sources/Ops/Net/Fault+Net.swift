import Language

/// Wording of what can be wrong with the use of a network op.
extension Fault {
  static func rank(_ port: String, _ shape: [Dim], _ wanted: String) -> Fault {
    .shape("\(port): rank \(shape.count) (\(brackets(shape))) where \(wanted) is needed")
  }

  /// `because` says where the wanted extent comes from.
  static func extent(_ port: String, _ dimension: Int, _ have: Dim, _ want: Dim, _ because: String) -> Fault {
    .shape("\(port): dimension \(dimension) is \(have) where \(want) is needed (\(because))")
  }

  static func missingParam(_ name: String, unless port: String) -> Fault {
    .params("the param \"\(name)\" is needed unless \"\(port)\" is connected")
  }

  static func paddingForm(_ value: Literal) -> Fault {
    .params(
      "param \"padding\" takes an integer, [height, width], [top, left, bottom, right], \"same\" or \"valid\", not \(value)"
    )
  }

  static func windowTooLarge(_ dimension: Int, _ extent: Int, _ pads: (Int, Int), _ window: Int) -> Fault {
    .shape(
      "x: dimension \(dimension) is \(extent)\(padded(extent, pads)), smaller than the window, which covers \(window)")
  }

  static func poolPadding(_ dimension: Int, _ pads: (Int, Int), _ kernel: Int) -> Fault {
    .params(
      "param \"padding\": \(max(pads.0, pads.1)) at dimension \(dimension) is more than half of the kernel's \(kernel)")
  }

  static func borderTooLarge(_ mode: String, _ dimension: Int, _ extent: Int, _ pads: (Int, Int)) -> Fault {
    .shape("x: dimension \(dimension) is \(extent), too small to \(mode) a border of \(max(pads.0, pads.1))")
  }

  static func groups(_ port: String, _ dimension: Int, _ extent: Dim, _ groups: Int) -> Fault {
    .shape("\(port): dimension \(dimension) is \(extent), which \(groups) groups do not divide")
  }

  static func axis(_ axis: Int, _ rank: Int) -> Fault {
    .params("param \"axis\" is \(axis), but the input has \(rank) dimension\(rank == 1 ? "" : "s")")
  }

  static func outputPadding(_ padding: Int, _ stride: Int) -> Fault {
    .params("param \"output_padding\": \(padding) must be less than the stride, \(stride)")
  }

  static func broadcast(_ a: [Dim], _ b: [Dim], _ dimension: Int, _ x: Dim, _ y: Dim) -> Fault {
    .shape(
      "a \(brackets(a)) and b \(brackets(b)): batch dimension \(dimension) is \(x) and \(y), which do not broadcast")
  }

  static func tooSmallForDifferences(_ dimension: Int, _ extent: Dim) -> Fault {
    .shape("x: dimension \(dimension) is \(extent) where at least 2 is needed for a difference")
  }

  static func brackets(_ shape: [Dim]) -> String { "[" + shape.map(\.description).joined(separator: ",") + "]" }

  private static func padded(_ extent: Int, _ pads: (Int, Int)) -> String {
    pads == (0, 0) ? "" : ", with padding \(pads.0) and \(pads.1) it is \(extent + pads.0 + pads.1)"
  }
}
