import Glibc
import Language
import Tensors

/// ONNX MelWeightMatrix (17): triangles of equal width on the mel scale (2595 · log₁₀(1 + f / 700)) over the bins of a
/// spectrum; [dft_length / 2 + 1, num_mel_bins].
enum MelWeightMatrix {
  static let op = OnnxOperator.make(
    "MelWeightMatrix", "Weights that turn a spectrum into mel bins.",
    "num_mel_bins dft_length sample_rate lower_edge_hertz upper_edge_hertz", "output",
    [.attribute("output_datatype", 1)],
    infer: { facts throws(Fault) in
      [Inference.tensor(DType(onnx: facts.attributes.int("output_datatype")), Inference.unknown(rank: 2))]
    }
  ) { call throws(Fault) in
    guard let bins = try call.integer(at: "num_mel_bins"), let length = try call.integer(at: "dft_length"),
      let rate = try call.scalar(at: "sample_rate"), let low = try call.scalar(at: "lower_edge_hertz"),
      let high = try call.scalar(at: "upper_edge_hertz"), let dtype = try call.dtype("output_datatype")
    else { throw .noTensor("num_mel_bins") }
    guard bins >= 0, length >= 0 else { throw .negativeExtent([length, bins]) }
    let rows = length / 2 + 1
    let count = try Extents.count([rows, bins])
    let (bottom, top) = (mel(low), mel(high))
    let step = (top - bottom) / Double(bins + 2)
    var edges: [Int] = []
    for bin in 0..<(bins + 2) {
      let hertz = 700 * expm1((Double(bin) * step + bottom) / 2595 * log(10))
      let edge = (Double(length + 1) * hertz / rate).rounded(.down)
      guard (0..<Double(rows)).contains(edge) else {
        throw .attribute("upper_edge_hertz", "mel bin \(bin) lies outside the spectrum")
      }
      edges.append(Int(edge))
    }
    var weights = Array(repeating: 0.0, count: count)
    for bin in 0..<bins {
      let (left, centre, right) = (edges[bin], edges[bin + 1], edges[bin + 2])
      if centre == left { weights[centre * bins + bin] = 1 }
      for row in left..<max(left, centre + 1) where centre > left {
        weights[row * bins + bin] = Double(row - left) / Double(centre - left)
      }
      for row in centre..<max(centre, right) {
        weights[row * bins + bin] = Double(right - row) / Double(right - centre)
      }
    }
    return [.rounding(weights, [rows, bins], to: dtype)]
  }

  private static func mel(_ hertz: Double) -> Double { 2595 * log1p(hertz / 700) / log(10) }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MelWeightMatrix.op, $0) }
