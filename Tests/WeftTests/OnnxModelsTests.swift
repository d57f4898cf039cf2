import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// Every ONNX file of the assets against outputs of ONNX Runtime, recorded by `Tools/reference/onnx_outputs.py`.
@Suite(.enabled(if: Assets.present, Comment(rawValue: Assets.absent)))
struct OnnxModelsTests {
  struct Record: Decodable, CustomTestStringConvertible {
    struct Output: Decodable {
      let shape: [Int]
      let largest: Double
      let step: Int
      let values: [Double]
    }

    let file: String
    let inputs: [String: [Int]]
    let outputs: [String: Output]
    var testDescription: String { "\(file) \(inputs.values.map(\.description).joined())" }
  }

  static let records: [Record] = {
    let file = WeftProgram.checkout.appendingPathComponent("Tests/WeftTests/Fixtures/onnx-models.json")
    return try! JSONDecoder().decode([Record].self, from: Data(contentsOf: file))
  }()

  /// The input of the script, element by element.
  static func input(_ shape: [Int]) -> Tensor {
    Tensor(Float.self, shape: shape) { memory in
      for index in 0..<memory.count {
        let bits = UInt64(index) * 2_654_435_761 % (1 << 32)
        memory.initializeElement(at: index, to: Float(Double(bits) / Double(1 << 31) - 1))
      }
    }
  }

  @Test(arguments: records) func outputsAreThoseOfONNXRuntime(_ record: Record) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    var arguments = ["run", Assets.path("face/\(record.file)"), "--cache", "off"]
    for (name, shape) in record.inputs {
      try NPY.write(Self.input(shape), to: program.folder.appendingPathComponent("\(name).npy").path)
      arguments.append("\(name)=\(name).npy")
    }
    let outcome = try program.run(arguments)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for (name, expected) in record.outputs {
      let output = try NPY.read(program.folder.appendingPathComponent("out/\(name).npy").path)
      #expect(output.shape == expected.shape)
      let values = output.elements(Float.self)
      for (index, value) in expected.values.enumerated() {
        let difference = abs(Double(values[index * expected.step]) - value)
        // ONNX Runtime's own logistic function is off by up to 1.3e-7 near 0.
        #expect(difference <= max(1e-4 * expected.largest, 2e-7), "\(name) at \(index * expected.step)")
      }
    }
  }
}
