import Language
import Tensors

/// Writes a region as an ONNX file (operator set 18, every extent a number).
public struct OnnxExporter {
  typealias Rule = @Sendable (OnnxUse, inout OnnxSheet) throws(Fault) -> String

  /// How ops are written, by name; each family stands in a file of its own.
  static let rules: [String: Rule] = [
    OnnxExportActivations.rules, OnnxExportArithmetic.rules, OnnxExportLayers.rules, OnnxExportNormalisation.rules,
    OnnxExportShapes.rules, OnnxExportResize.rules,
  ].reduce(into: [:]) { all, family in all.merge(family) { _, _ in preconditionFailure("two rules for an op") } }

  /// The rule of an op that is one operator of as many inputs, without attributes.
  static func plain(_ operatorName: String) -> Rule {
    let rule: Rule = { use, sheet throws(Fault) in
      sheet.node(operatorName, use.operands.flatMap { $0 }, to: use.label)
    }
    return rule
  }

  public static var ops: [String] { rules.keys.sorted() }

  public let region: Region
  /// Of inputs and constants; the rest is called after its node.
  public let names: [ValueID: String]

  public init(_ region: Region, names: [ValueID: String]) {
    self.region = region
    self.names = names
  }

  /// - Parameter outputs: names of the region's outputs, in order.
  public func bytes(name: String, doc: String = "", outputs: [String]) throws(Fault) -> [UInt8] {
    var sheet = OnnxSheet()
    var known: [ValueID: String] = [:]
    for value in region.inputs { known[value] = sheet.name(names[value] ?? "input") }
    // Results carry the outputs' names; these are reserved before anything else takes them.
    let results = outputs.map { sheet.name($0) }
    for (value, tensor) in region.constants.sorted(by: { $0.key < $1.key }) {
      known[value] = sheet.constant(tensor, names[value] ?? "constant")
    }
    for node in region.nodes { known[node.results[0]] = try write(node, known, &sheet) }
    for (result, value) in zip(results, region.outputs) {
      guard let source = known[value] else { throw .noOnnxForm(result, "a second result", "") }
      sheet.output(source, as: result)
    }
    return sheet.model(
      name: name, doc: doc, inputs: region.inputs.map { port(known[$0] ?? "", $0) },
      outputs: zip(results, region.outputs).map { port($0, $1) })
  }

  private func port(_ name: String, _ value: ValueID) -> OnnxSheet.Port {
    OnnxSheet.Port(name: name, shape: region.concrete(value).shape)
  }

  private func write(_ node: Region.Node, _ known: [ValueID: String], _ sheet: inout OnnxSheet) throws(Fault) -> String
  {
    guard let rule = OnnxExporter.rules[node.op.name], node.results.count == 1 else {
      throw .noOnnxForm(node.label, node.op.name, "")
    }
    for value in node.operands.flatMap({ $0 }) + node.results where region.concrete(value).dtype != .f32 {
      throw .noOnnxForm(node.label, node.op.name, "of \(region.types[value])")
    }
    let use = OnnxUse(
      node: node, operands: node.operands.map { $0.map { known[$0] ?? "" } },
      operandShapes: node.operands.map { $0.map { region.concrete($0).shape } },
      resultShape: region.concrete(node.results[0]).shape,
      constants: node.operands.map { $0.map { region.constants[$0] } })
    return try rule(use, &sheet)
  }
}
