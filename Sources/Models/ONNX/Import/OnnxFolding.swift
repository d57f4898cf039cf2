import Language
import Tensors

/// Computes before the run what depends on nothing but numbers of the file.
enum OnnxFolding {
  /// Larger tensors stay in the file, or are made when the graph runs.
  static let maximumCount = 4096

  /// The results of a host op on constant operands; nil where one is not constant, or too large.
  static func run(
    _ op: Op, ports: [[OnnxValue]], _ settings: [String: Literal], outputs: Int
  ) throws(Fault) -> [Tensor]? {
    guard case .host(let host) = op.action, !op.isRandom, ports.contains(where: { !$0.isEmpty }) else { return nil }
    var inputs: [[Value]] = []
    for port in ports {
      var values: [Value] = []
      for value in port {
        guard let (_, shape) = value.type.concrete, fits(shape) else { return nil }
        guard let tensor = try value.isConstant ? value.tensor() : value.contents()?.tensor else { return nil }
        values.append(.tensor(tensor))
      }
      inputs.append(values)
    }
    let (attributes, faults) = op.attributes(settings)
    if let fault = faults.first { throw fault }
    let types = inputs.map { port in
      port.map { value -> ValueType in
        guard case .tensor(let tensor) = value else { return .any }
        return .tensor(TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) }))
      }
    }
    let facts = Facts(op: op, attributes: attributes, inputs: types, known: inputs)
    let results = try op.infer(facts)
    // What would come out too large is not begun.
    guard results.allSatisfy({ $0.concrete.map { fits($0.shape) } ?? true }) else { return nil }
    let values = try host.run(HostCall(op: op, attributes: attributes, inputs: inputs))
    var tensors: [Tensor] = []
    for value in values.prefix(max(1, outputs)) {
      guard case .tensor(let tensor) = value else { return nil }
      tensors.append(tensor)
    }
    return tensors
  }

  private static func fits(_ shape: [Int]) -> Bool {
    shape.reduce(1) { $0 > maximumCount ? $0 : $0 * $1 } <= maximumCount
  }
}
