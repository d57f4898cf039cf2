import Glibc
import Language
import Tensors

/// ONNX HannWindow, HammingWindow and BlackmanWindow (17): a sum of cosines over `size` points, periodic or symmetric. A window
/// of one point is 1.
enum Windows {
  static let ops = [
    make("HannWindow", [0.5, 0.5]), make("HammingWindow", [25.0 / 46, 1 - 25.0 / 46]),
    make("BlackmanWindow", [0.42, 0.5, 0.08]),
  ]

  /// w(n) = a₀ - a₁ cos(2πn/N) + a₂ cos(4πn/N)
  private static func make(_ name: String, _ factors: [Double]) -> Op {
    OnnxOperator.make(
      name, "A window function.", "size", "output", [.attribute("output_datatype", 1), .flag("periodic", 1)],
      infer: { facts throws(Fault) in
        [Inference.tensor(DType(onnx: facts.attributes.int("output_datatype")), [.unknown])]
      }
    ) { call throws(Fault) in
      guard let size = try call.integer(at: "size"), let dtype = try call.dtype("output_datatype") else {
        throw .noTensor("size")
      }
      let count = try Extents.count([size])
      let period = Double(call.flag("periodic") ? size : size - 1)
      let values = (0..<count).map { place -> Double in
        if size == 1 { return 1 }
        return factors.enumerated().reduce(0) { sum, term in
          sum + (term.offset % 2 == 0 ? 1 : -1) * term.element
            * cos(2 * .pi * Double(place) * Double(term.offset) / period)
        }
      }
      return [.rounding(values, [count], to: dtype)]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Windows.ops, $0) }
