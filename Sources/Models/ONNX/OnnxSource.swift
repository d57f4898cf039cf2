import Language
import Tensors

/// ONNX files as graphs.
public struct OnnxSource: GraphSource {
  private let rules: OnnxRules
  private let optimises: Bool

  /// - Parameter optimises: folds batch normalisation into convolutions; a test compares with a graph as it stands.
  public init(rules: OnnxRules = .linked, optimises: Bool = true) {
    self.rules = rules
    self.optimises = optimises
  }

  public var endings: [String] { [".onnx"] }

  public func open(_ path: String) throws(Fault) -> any ForeignGraph {
    try OnnxGraph(try OnnxFile.open(path), rules: rules, optimises: optimises)
  }
}

/// The main graph of an ONNX file.
public struct OnnxGraph: ForeignGraph {
  public let doc: String?
  public let inputs: [ForeignPort]
  public let outputs: [ForeignPort]
  let file: OnnxFile
  let rules: OnnxRules
  let optimises: Bool

  init(_ file: OnnxFile, rules: OnnxRules, optimises: Bool) throws(Fault) {
    self.file = file
    self.rules = rules
    self.optimises = optimises
    let text = file.graph.doc.isEmpty ? file.model.doc : file.graph.doc
    doc = text.isEmpty ? nil : text
    // Up to version 3 of the format, inputs list the initialisers too: those are weights.
    let initialised = Set(
      file.graph.initializers.map(\.name) + file.graph.sparseInitializers.compactMap(\.values?.name))
    var inputs: [ForeignPort] = []
    var symbols = OnnxSymbols()
    for info in file.graph.inputs where !initialised.contains(info.name) {
      if inputs.contains(where: { $0.name == info.name }) {
        throw .malformed(file.path, "ONNX", "two inputs are called \"\(info.name)\"")
      }
      inputs.append(ForeignPort(name: info.name, type: try symbols.type(of: info, file, "input")))
    }
    self.inputs = inputs
    var outputs: [ForeignPort] = []
    for info in file.graph.outputs {
      if outputs.contains(where: { $0.name == info.name }) {
        throw .malformed(file.path, "ONNX", "two outputs are called \"\(info.name)\"")
      }
      outputs.append(ForeignPort(name: info.name, type: try symbols.type(of: info, file, "output")))
    }
    self.outputs = outputs
  }

  public func assemble(
    _ assembly: any GraphAssembly, inputs: [String: GraphValue]
  ) throws(Fault) -> any ForeignValues {
    let importer = try OnnxImporter(self, assembly)
    return try importer.run(inputs)
  }
}

/// Names for extents: those of the file where they can be symbols, others by their place.
struct OnnxSymbols {
  private var names: [String: String] = [:]
  private var used = Set<String>()

  mutating func type(of info: ValueInfoProto, _ file: OnnxFile, _ what: String) throws(Fault) -> ValueType {
    if let other = info.type?.other {
      throw .unsupported(file.path, "\(what) \"\(info.name)\" is \(other), which is not supported")
    }
    guard let tensor = info.type?.tensor else { return .tensor(TensorType(dtype: nil, shape: nil)) }
    guard let dtype = DType(onnx: tensor.elementType) else {
      throw .unsupported(
        file.path,
        "\(what) \"\(info.name)\" is of type \(DType.onnxName(tensor.elementType)), which is not supported")
    }
    var shape: [Dim]?
    if let extents = tensor.shape?.extents {
      var dims: [Dim] = []
      for (axis, extent) in extents.enumerated() { dims.append(dim(extent, axis, rank: extents.count)) }
      shape = dims
    }
    return .tensor(TensorType(dtype: dtype, shape: shape))
  }

  private mutating func dim(_ extent: TypeProto.Extent, _ axis: Int, rank: Int) -> Dim {
    if let value = extent.value, value > 0, value < 1 << 40 { return Dim(value) }
    // A name stands for one extent wherever it is used; "?" and the like stand for nothing.
    if let name = extent.name, let known = names[name] { return .symbol(known) }
    var base = String(
      (extent.name ?? "").unicodeScalars.map { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
          ? Character(scalar) : "_"
      })
    let isName = base.unicodeScalars.first?.properties.isAlphabetic == true
    if !isName { base = rank == 4 ? ["N", "C", "H", "W"][axis] : "D\(axis)" }
    var symbol = base
    var count = 1
    while !used.insert(symbol).inserted {
      count += 1
      symbol = "\(base)\(count)"
    }
    if isName, let name = extent.name { names[name] = symbol }
    return .symbol(symbol)
  }
}
