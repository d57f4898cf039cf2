import Glibc
import Language
import Tensors

/// The activation that ONNX Runtime's optimiser fuses into a product, by name, with its parameters.
enum FusedActivation {
  static func apply(_ name: String, _ parameters: [Double], to x: Tensor) throws(Fault) -> Tensor {
    func parameter(_ index: Int, _ fallback: Double) -> Double {
      index < parameters.count ? parameters[index] : fallback
    }
    switch name {
    case "": return x
    case "Relu": return UnaryReal.map(x) { Double.larger($0, 0) }
    case "Tanh": return UnaryReal.map(x) { tanh($0) }
    case "Sigmoid": return UnaryReal.map(x) { Activations.sigmoid($0) }
    case "Softplus": return UnaryReal.map(x) { Activations.softplus($0) }
    case "LeakyRelu":
      let alpha = parameter(0, 0.01)
      return UnaryReal.map(x) { $0 < 0 ? alpha * $0 : $0 }
    case "Elu":
      let alpha = parameter(0, 1)
      return UnaryReal.map(x) { $0 < 0 ? alpha * expm1($0) : $0 }
    case "Clip":
      let (low, high) = (parameter(0, -.infinity), parameter(1, .infinity))
      return UnaryReal.map(x) { Double.smaller(Double.larger($0, low), high) }
    case "HardSigmoid":
      let (alpha, beta) = (parameter(0, 0.2), parameter(1, 0.5))
      return UnaryReal.map(x) { Activations.clamped(alpha * $0 + beta) }
    default: throw .refused("the fused activation \"\(name)\" is not supported")
    }
  }
}
