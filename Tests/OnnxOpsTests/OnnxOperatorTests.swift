import Language
import Tensors
import Testing

@testable import OnnxOps

/// Every operator against its definition.
@Suite struct OnnxOperatorTests {
  /// Not numeric, or the importer's.
  static let elsewhere: Set<String> = [
    "ConcatFromSequence", "Constant", "ConstantOfShape", "If", "ImageDecoder", "Loop", "Optional", "OptionalGetElement",
    "OptionalHasElement", "RegexFullMatch", "Scan", "SequenceAt", "SequenceConstruct", "SequenceEmpty",
    "SequenceErase", "SequenceInsert", "SequenceLength", "SequenceMap", "SplitToSequence", "StringConcat",
    "StringNormalizer", "StringSplit",
  ]

  @Test func everyNumericOperatorHasItsPortsAndAttributes() throws {
    for (name, signature) in ConformanceCases.all.index.signatures where !Self.elsewhere.contains(name) {
      guard let op = Registry.linked["onnx.\(name)"] else {
        Issue.record("there is no onnx.\(name)")
        continue
      }
      let inputs = op.inputs.map(\.name)
      #expect(Array(inputs.prefix(signature.inputs.count)) == signature.inputs, "\(name)")
      if name != "Split" {
        #expect(Array(op.outputs.map(\.name).prefix(signature.outputs.count)) == signature.outputs, "\(name)")
      }
      #expect(op.isInternal)
      for (attribute, value) in signature.attributes where attribute != "consumed_inputs" {
        guard let param = op.params.first(where: { $0.name == attribute }) else {
          Issue.record("onnx.\(name) lacks \(attribute)")
          continue
        }
        if let wanted = value.value.number, let fallback = param.fallback, let number = fallback.number {
          #expect(wanted == number, "\(name) \(attribute)")
        }
        if case .string(let wanted) = value.value, case .string(let word)? = param.fallback {
          #expect(wanted == word, "\(name) \(attribute)")
        }
      }
    }
  }

  @Test func portsAreReadFromAList() {
    let ports = OnnxOperator.ports("X W? Z*")
    #expect(ports.map(\.name) == ["X", "W", "Z"])
    #expect(ports.map(\.arity) == [.one, .optional, .variadic])
  }
}
