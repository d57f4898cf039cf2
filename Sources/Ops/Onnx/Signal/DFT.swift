import Language
import Tensors

/// ONNX DFT (17 to 20) along one axis of [batch…, signal…, 1 or 2], the last axis holding real and imaginary parts. `onesided` keeps
/// the first half of a real signal's spectrum, or goes back from such a half. The axis is an attribute (1) in version 17 and an
/// input (-2) since.
enum DFT {
  static let op = OnnxOperator.make(
    "DFT", "The discrete Fourier transform.", "input dft_length? axis?", "output",
    [.attribute("axis", nil), .flag("inverse"), .flag("onesided")],
    infer: { facts throws(Fault) in
      let input = facts.tensor("input")
      return [Inference.tensor(input.dtype, input.shape.map { Inference.unknown(rank: $0.count) })]
    }
  ) { call throws(Fault) in
    let x = try call.tensor("input").requireFloat("input")
    guard x.rank >= 2, let parts = x.shape.last, parts == 1 || parts == 2 else {
      throw .rank("input", x.shape, "[…, 1] or […, 2]")
    }
    let given = try call.integer(at: "axis") ?? call.int("axis") ?? (call.opset >= 20 ? -2 : 1)
    let axis = try Axes.resolved(given, rank: x.rank)
    guard axis < x.rank - 1 else { throw .axis(given, x.rank) }
    let (isInverse, isHalf) = (call.flag("inverse"), call.flag("onesided"))
    let extent = x.shape[axis]
    let length = try call.integer(at: "dft_length") ?? (isInverse && isHalf ? 2 * (extent - 1) : extent)
    guard length > 0, try Extents.count([length]) < 1 << 28 else {
      throw .attribute("dft_length", "\(length) is out of range")
    }
    let kept = isHalf && !isInverse ? length / 2 + 1 : length
    var shape = x.shape
    shape[axis] = kept
    shape[x.rank - 1] = isInverse && isHalf ? 1 : 2
    _ = try Extents.count(shape)
    let outer = x.shape[..<axis].reduce(1, *)
    let inner = x.shape[(axis + 1)..<(x.rank - 1)].reduce(1, *)
    let (values, width) = (x.doubles(), shape[x.rank - 1])
    let fourier = Fourier(length: length, isInverse: isInverse)
    let scale = isInverse ? 1 / Double(length) : 1
    var result = Array(repeating: 0.0, count: outer * kept * inner * width)
    for row in 0..<outer {
      for column in 0..<inner {
        var (re, im) = (Array(repeating: 0.0, count: length), Array(repeating: 0.0, count: length))
        for place in 0..<min(extent, length) {
          let at = ((row * extent + place) * inner + column) * parts
          re[place] = values[at]
          im[place] = parts == 2 ? values[at + 1] : 0
        }
        if isInverse, isHalf { mirror(&re, &im) }
        let spectrum = fourier.transform(re, im)
        for place in 0..<kept {
          let at = ((row * kept + place) * inner + column) * width
          result[at] = spectrum.real[place] * scale
          if width == 2 { result[at + 1] = spectrum.imaginary[place] * scale }
        }
      }
    }
    return [.rounding(result, shape, to: x.dtype)]
  }

  /// The second half of a real signal's spectrum is the conjugate of the first.
  private static func mirror(_ re: inout [Double], _ im: inout [Double]) {
    let length = re.count
    im[0] = 0
    if length % 2 == 0 { im[length / 2] = 0 }
    for place in (length / 2 + 1)..<max(length, length / 2 + 1) {
      (re[place], im[place]) = (re[length - place], -im[length - place])
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DFT.op, $0) }
