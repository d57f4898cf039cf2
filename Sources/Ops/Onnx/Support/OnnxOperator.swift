import Language
import Tensors

/// Declares the op `onnx.NAME` for the ONNX operator NAME: ports under ONNX names in ONNX order, params under the names of
/// the attributes with their defaults, and the param `opset`, because the meaning of some operators changed.
///
/// These ops take and give tensors of any `DType`. They are computed with the operator's exact rules: integers wrap around,
/// floats are computed in Double and rounded once to the element type, unless the definition says otherwise.
enum OnnxOperator {
  typealias Run = @Sendable (HostCall) throws(Fault) -> [Tensor?]

  /// `inputs` and `outputs` list the ports; `B?` may be absent, `inputs*` takes any number.
  static func make(
    _ name: String, _ doc: String, _ inputs: String, _ outputs: String, _ params: [Param] = [],
    isRandom: Bool = false, infer: @escaping Op.Inference, run: @escaping Run
  ) -> Op {
    Op(
      "onnx.\(name)", doc: doc, inputs: ports(inputs), outputs: ports(outputs), params: params + [opset],
      isRandom: isRandom, isInternal: true, infer: infer, action: action(run))
  }

  static func action(_ run: @escaping Run) -> Action {
    .host(
      Host { call throws(Fault) in
        try run(call).map { tensor in tensor.map(Value.tensor) ?? .none }
      })
  }

  /// Registers ops that one file declares.
  static func collect(_ ops: [Op], _ list: UnsafeMutableRawPointer?) {
    for op in ops { Registry.collect(op, list) }
  }

  static let opset = Param("opset", .int(1...10_000), default: .int(28), "the version of the operator set")

  static func ports(_ list: String) -> [Port] {
    list.split(separator: " ").map { word in
      switch word.last {
      case "?": Port(String(word.dropLast()), "tensor", .optional)
      case "*": Port(String(word.dropLast()), "tensor", .variadic)
      default: Port(String(word), "tensor")
      }
    }
  }
}

extension Param {
  /// An ONNX attribute of type INT; nil: it may be left out.
  static func attribute(_ name: String, _ fallback: Int?, _ range: ClosedRange<Int> = .all) -> Param {
    Param(name, .int(range), default: fallback.map(Literal.int) ?? .null, "attribute of ONNX")
  }

  /// An INT that says yes (1) or no (0).
  static func flag(_ name: String, _ fallback: Int = 0) -> Param { attribute(name, fallback) }

  static func attribute(required name: String, _ range: ClosedRange<Int> = .all) -> Param {
    Param(name, .int(range), "attribute of ONNX")
  }

  /// An attribute of type FLOAT, whose default is the nearest float32; nil: it may be left out.
  static func attribute(_ name: String, float fallback: Float?) -> Param {
    Param(name, .number(.all), default: fallback.map { .float(Double($0)) } ?? .null, "attribute of ONNX")
  }

  static func attribute(_ name: String, string fallback: String?) -> Param {
    Param(name, .string, default: fallback.map(Literal.string) ?? .null, "attribute of ONNX")
  }

  static func attribute(_ name: String, words: [String], _ fallback: String? = nil) -> Param {
    Param(name, .choice(words), default: .string(fallback ?? words[0]), "attribute of ONNX")
  }

  static func attribute(required name: String, words: [String]) -> Param {
    Param(name, .choice(words), "attribute of ONNX")
  }

  static func ints(_ name: String) -> Param {
    Param(name, .ints(.all, counts: []), default: .null, "attribute of ONNX")
  }

  static func ints(required name: String) -> Param { Param(name, .ints(.all, counts: []), "attribute of ONNX") }

  static func floats(_ name: String) -> Param {
    Param(name, .numbers(.all, counts: []), default: .null, "attribute of ONNX")
  }

  static func strings(_ name: String) -> Param { Param(name, .strings, default: .null, "attribute of ONNX") }
}
