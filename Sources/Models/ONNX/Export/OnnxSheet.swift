import Language
import Tensors

/// An ONNX graph in the making: nodes in order, and the numbers they hold.
struct OnnxSheet {
  /// Operator set of the domain `ai.onnx` that is written: the first in which all reductions take their axes as input.
  static let opset = 18

  enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Double)
    case text(String)
  }

  private var nodes = WireWriter()
  private var initializers = WireWriter()
  private var used: Set<String> = []
  private var numbers: [[Int]: String] = [:]

  /// The name itself, or, where it is taken, one with a number behind.
  mutating func name(_ wanted: String) -> String {
    var (name, number) = (wanted, 2)
    while !used.insert(name).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }

  /// Adds a use of an operator and gives its result's name. Empty inputs are optional ones left out.
  mutating func node(
    _ operatorName: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute> = [:], to wanted: String
  ) -> String {
    let output = name(wanted)
    nodes.message(1) { node in
      for input in inputs { node.text(1, input) }
      node.text(2, output)
      node.text(3, output)
      node.text(4, operatorName)
      for (name, value) in attributes {
        node.message(5) { attribute in
          attribute.text(1, name)
          switch value {
          case .float(let number):
            attribute.float(2, Float(number))
            attribute.int(20, 1)
          case .int(let number):
            attribute.int(3, number)
            attribute.int(20, 2)
          case .text(let text):
            attribute.text(4, text)
            attribute.int(20, 3)
          case .ints(let numbers):
            for number in numbers { attribute.int(8, number) }
            attribute.int(20, 7)
          }
        }
      }
    }
    return output
  }

  /// Gives a value a second name, one that was reserved.
  mutating func output(_ source: String, as name: String) {
    nodes.message(1) { node in
      node.text(1, source)
      node.text(2, name)
      node.text(3, "\(name)/output")
      node.text(4, "Identity")
    }
  }

  /// Numbers of 32-bit floats.
  mutating func constant(_ tensor: Tensor, _ wanted: String) -> String {
    let name = name(wanted)
    let values = tensor.converted(to: .f32).elements(Float.self)
    initialize(name, tensor.shape, type: 1) { memory in
      for value in values {
        for shift in stride(from: 0, to: 32, by: 8) {
          memory.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
      }
    }
    return name
  }

  mutating func scalar(_ value: Double, _ wanted: String) -> String {
    constant(Tensor(shape: [], [Float(value)]), wanted)
  }

  /// A vector of 64-bit integers: axes, extents, places. Equal ones are written once.
  mutating func ints(_ values: [Int]) -> String {
    if let known = numbers[values] { return known }
    let name = name("ints")
    numbers[values] = name
    initialize(name, [values.count], type: 7) { memory in
      for value in values {
        let bits = UInt64(bitPattern: Int64(value))
        for shift in stride(from: 0, to: 64, by: 8) { memory.append(UInt8(truncatingIfNeeded: bits >> shift)) }
      }
    }
    return name
  }

  private mutating func initialize(_ name: String, _ shape: [Int], type: Int, _ fill: (inout [UInt8]) -> Void) {
    var memory: [UInt8] = []
    fill(&memory)
    initializers.message(5) { tensor in
      for extent in shape { tensor.int(1, extent) }
      tensor.int(2, type)
      tensor.text(8, name)
      tensor.bytes(9, memory)
    }
  }

  struct Port {
    let name: String
    let shape: [Int]
  }

  /// The file.
  func model(name: String, doc: String, inputs: [Port], outputs: [Port]) -> [UInt8] {
    var file = WireWriter()
    file.int(1, 8)
    file.text(2, "Weft")
    file.message(7) { graph in
      graph = nodes
      graph.text(2, name)
      graph.append(initializers)
      if !doc.isEmpty { graph.text(10, doc) }
      for (field, ports) in [(11, inputs), (12, outputs)] {
        for port in ports { graph.message(field) { OnnxSheet.write(port, &$0) } }
      }
    }
    file.message(8) { set in
      set.text(1, "")
      set.int(2, OnnxSheet.opset)
    }
    return file.bytes
  }

  private static func write(_ port: Port, _ info: inout WireWriter) {
    info.text(1, port.name)
    info.message(2) { type in
      type.message(1) { tensor in
        tensor.int(1, 1)
        tensor.message(2) { shape in
          for extent in port.shape { shape.message(1) { $0.int(1, extent) } }
        }
      }
    }
  }
}
