import Language
import Tensors

/// Turns the graph of an ONNX file into uses of ops, node by node in the file's order.
final class OnnxImporter: ForeignValues {
  let file: OnnxFile
  let rules: OnnxRules
  let optimises: Bool
  let functions: [String: FunctionProto]
  private(set) var outputs: [GraphValue] = []
  private var main: OnnxScope!
  private let source: OnnxGraph
  private let assembly: any GraphAssembly
  private var weights: GraphValue?
  private var storedWeights: GraphValue?
  private var paths = Set<String>()
  /// How many functions and subgraphs are open in each other.
  var depth = 0
  static let maximumDepth = 32

  init(_ source: OnnxGraph, _ assembly: any GraphAssembly) throws(Fault) {
    self.source = source
    self.assembly = assembly
    file = source.file
    rules = source.rules
    optimises = source.optimises
    var functions: [String: FunctionProto] = [:]
    for function in file.model.functions {
      functions[OnnxImporter.key(function.domain, function.name, function.overload)] = function
    }
    self.functions = functions
  }

  static func key(_ domain: String, _ name: String, _ overload: String) -> String { "\(domain)|\(name)|\(overload)" }

  func run(_ inputs: [String: GraphValue]) throws(Fault) -> OnnxImporter {
    let scope = OnnxScope(self, assembly, opsets: file.model.opsets)
    main = scope
    for (name, value) in inputs { scope.values[name] = scope.imported(value) }
    try scope.add(file.graph)
    for output in file.graph.outputs { outputs.append(try scope.output(output.name)) }
    return self
  }

  var names: [String] { main.values.keys.sorted() }

  func value(_ name: String) throws(Fault) -> GraphValue? { try main.values[name]?.value() }

  /// A path for a node: its name, made unique.
  func path(_ name: String) -> String {
    let trimmed = name.drop { $0 == "/" }
    var path = trimmed.isEmpty ? "node" : String(trimmed)
    if !paths.insert(path).inserted {
      var count = 2
      while !paths.insert("\(path)~\(count)").inserted { count += 1 }
      path = "\(path)~\(count)"
    }
    return path
  }

  /// A tensor of the file as a value of the graph: large ones are read when the graph runs.
  func initializer(_ proto: TensorProto, isNamed: Bool) throws(Fault) -> OnnxValue {
    let header = try file.header(proto)
    let file = self.file
    return OnnxValue(
      dtype: header.dtype, shape: header.shape, initializer: isNamed ? proto.name : nil,
      numbers: { () throws(Fault) in try file.tensor(proto) },
      make: { [unowned self] () throws(Fault) in
        guard isNamed, header.byteCount! > OnnxImporter.largestConstant else {
          return self.constant(try file.tensor(proto))
        }
        return try self.weight(header)
      })
  }

  /// Tensors of at most so many bytes are part of the graph itself.
  static let largestConstant = 1024

  func constant(_ tensor: Tensor) -> GraphValue {
    assembly.constant(
      .tensor(tensor), type: .tensor(TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) })))
  }

  /// The file itself, for ops that read from it.
  private(set) lazy var fileValue = assembly.constant(.file(file.path), type: .file)

  /// A tensor out of the file's own weights.
  private func weight(_ header: TensorHeader) throws(Fault) -> GraphValue {
    let isStored = header.dtype.isFloat && header.dtype != .f32
    var source = isStored ? storedWeights : weights
    if source == nil {
      source = try assembly.add(
        assembly.registry.op("weights.load"), [[fileValue]], isStored ? ["precision": .string("stored")] : [:],
        name: self.path("weights"))[0]
      if isStored { storedWeights = source } else { weights = source }
    }
    return try assembly.add(
      assembly.registry.op("weights.tensor"), [[source!]],
      [
        "name": .string(header.name), "shape": .array(header.shape.map { .int($0) }),
        "dtype": .string(header.dtype.rawValue),
      ], name: self.path(header.name))[0]
  }
}
