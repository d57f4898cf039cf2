import Foundation
import Language
import Tensors
import TestSupport
import Testing

/// Runs a host op as the engine would: params checked and filled in, ports in order, types matched.
func run(
  _ op: Op, _ inputs: KeyValuePairs<String, Value> = [:], _ attributes: [String: Literal] = [:], seed: UInt64 = 1
) throws -> [Value] {
  let (filled, faults) = op.attributes(attributes)
  if let fault = faults.first { throw fault }
  guard case .host(let host) = op.action else { throw Fault("test", "\(op.name) is no host op") }
  let values = op.inputs.map { port in inputs.filter { $0.key == port.name }.map(\.value) }
  return try host.run(HostCall(op: op, attributes: filled, inputs: values, seed: seed))
}

/// The types that an op's rule gives, as text; inputs as text, known values by port.
func infer(
  _ op: Op, _ inputs: KeyValuePairs<String, String> = [:], _ attributes: [String: Literal] = [:],
  known: [String: Value] = [:], probe: (any FileProbe)? = nil, structure: Facts.Structure? = nil
) throws -> [String] {
  let (filled, faults) = op.attributes(attributes)
  if let fault = faults.first { throw fault }
  var unifier = Unifier()
  let types = try op.inputs.map { port in
    try inputs.filter { $0.key == port.name }.map { try ValueType(parsing: $0.value) }.map { type in
      try unifier.match(port.type, type)
      return type
    }
  }
  let values = op.inputs.map { port in [known[port.name]] }
  let facts = Facts(
    op: op, attributes: filled, inputs: types, known: values, probe: probe, structure: structure)
  if let ports = try op.dynamicOutputs?(facts) { #expect(!ports.isEmpty) }
  return try op.infer(facts).map(\.description)
}

/// The message with which `body` fails; "no fault" when it does not.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch let fault as Fault {
    return fault.message
  } catch {
    return "\(error)"
  }
}

/// A fresh folder that goes with the test.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("weft-nodes-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ text: String? = nil) throws -> String {
    let file = path + "/" + name
    if let text { try text.write(toFile: file, atomically: true, encoding: .utf8) }
    return file
  }
}

extension Value {
  var tensor: Tensor? { if case .tensor(let tensor) = self { tensor } else { nil } }
  var image: Image? { if case .image(let image) = self { image } else { nil } }
  var table: Table? { if case .table(let table) = self { table } else { nil } }
  var list: [Value]? { if case .list(let items) = self { items } else { nil } }
  var text: String? { if case .string(let text) = self { text } else { nil } }
}

/// A picture of one colour; samples as the format has them.
func plain(_ format: PixelFormat, height: Int, width: Int, _ samples: [Int]) -> Image {
  let count = height * width
  let pixels =
    format.bits == 8
    ? Tensor(shape: [height, width, format.channels], (0..<count).flatMap { _ in samples.map { UInt8($0) } })
    : Tensor(shape: [height, width, format.channels], (0..<count).flatMap { _ in samples.map { UInt16($0) } })
  return Image(format: format, pixels: pixels)
}
