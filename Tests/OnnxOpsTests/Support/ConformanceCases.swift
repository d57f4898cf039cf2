import Foundation
import Language
import Models
import Tensors
import TestSupport
import Testing

@testable import OnnxOps

/// The node cases of ONNX's conformance suite, as `Tools/reference/onnx_cases.py` writes them.
struct ConformanceCases: Decodable {
  let cases: [OnnxCase]
  let signatures: [String: Signature]

  /// What an operator's definition says of its newest version, with the attributes of all versions since 7.
  struct Signature: Decodable {
    let inputs: [String]
    let outputs: [String]
    let attributes: [String: AttributeValue]
  }

  /// Read once.
  static let all: (index: ConformanceCases, data: Tensor) = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/cases.npz").path
    let archive = try! NPZ(path)
    func load(_ name: String) -> Tensor { try! archive.load(archive.headers.first { $0.name == name }!) }
    let index = Data(load("index").elements(UInt8.self))
    return (try! JSONDecoder().decode(Self.self, from: index), load("data"))
  }()

  /// Runs every case of the operators; each difference is an issue of its own. `noise` is the absolute tolerance of cases whose
  /// expected numbers are less exact than the suite's tolerance.
  static func replay(
    _ operators: String..., noise: [String: Double] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for name in operators {
      let cases = all.index.cases.filter { $0.op == name }
      #expect(!cases.isEmpty, "no case of \(name)", sourceLocation: sourceLocation)
      for one in cases {
        if let difference = one.difference(atol: noise[one.name]) {
          Issue.record("\(one.name): \(difference)", sourceLocation: sourceLocation)
        }
      }
    }
  }
}

enum AttributeValue: Decodable {
  case literal(Literal)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .literal(.null)
    } else if let value = try? container.decode(Int.self) {
      self = .literal(.int(value))
    } else if let value = try? container.decode(Double.self) {
      self = .literal(.float(value))
    } else if let value = try? container.decode(String.self) {
      self = .literal(.string(value))
    } else {
      let items = try container.decode([AttributeValue].self)
      self = .literal(.array(items.map(\.value)))
    }
  }

  var value: Literal {
    switch self {
    case .literal(let literal): literal
    }
  }
}

struct OnnxCase: Decodable {
  let name: String
  let op: String
  let opset: Int
  let attributes: [String: AttributeValue]
  let inputs: [Entry?]
  let outputs: [Entry?]
  let rtol: Double
  let atol: Double

  struct Entry: Decodable {
    private let place: (dtype: DType, shape: [Int], offset: Int)

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      let dtype = DType(rawValue: try container.decode(String.self))!
      let shape = try container.decode([Int].self)
      let offset = try container.decode(Int.self)
      place = (dtype, shape, offset)
    }

    /// The elements, copied out of the archive's bytes.
    func load(_ data: Tensor) -> Tensor {
      let count = place.shape.reduce(place.dtype.size, *)
      let buffer = Buffer(byteCount: count)
      if count > 0 { buffer.bytes.copyMemory(from: data.bytes.baseAddress! + place.offset, byteCount: count) }
      return Tensor(dtype: place.dtype, shape: place.shape, buffer: buffer)
    }
  }

  /// What differs from the suite's results, if anything does.
  func difference(atol noise: Double? = nil) -> String? {
    let data = ConformanceCases.all.data
    let expected = outputs.map { $0?.load(data) }
    do throws(Fault) {
      var settings = attributes.mapValues(\.value)
      settings["opset"] = .int(opset)
      if let op = Registry.linked["onnx.\(op)"], op.params.contains(where: { $0.name == "outputs" }) {
        settings["outputs"] = .int(outputs.count)
      }
      let results = try OnnxRun.run(op, inputs.map { $0?.load(data) }, settings)
      for (index, wanted) in expected.enumerated() {
        guard let wanted else { continue }
        guard results.indices.contains(index), let actual = results[index] else { return "output \(index) is missing" }
        if let difference = OnnxRun.difference(actual, wanted, rtol: rtol, atol: noise ?? atol) {
          return "output \(index): \(difference)"
        }
      }
      return nil
    } catch { return error.message }
  }
}
