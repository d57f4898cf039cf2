import Compiler
import Engine
import Foundation
import Graph
import ImageOps
import Language
import MathOps
import NetOps
import Nodes
import OnnxOps
import Tensors
import TestSupport
import Testing

@testable import Models

/// Imports and runs models that a test writes.
enum OnnxRunner {
  /// Opens models from memory.
  struct Source: GraphSource {
    let models: [String: [UInt8]]
    var rules = OnnxRules.linked
    var optimises = true

    var endings: [String] { [".onnx"] }

    func open(_ path: String) throws(Fault) -> any ForeignGraph {
      let bytes = models[path] ?? []
      let buffer = Buffer(byteCount: bytes.count)
      bytes.withUnsafeBytes {
        if let start = $0.baseAddress { buffer.bytes.copyMemory(from: start, byteCount: $0.count) }
      }
      return try OnnxGraph(OnnxFile(buffer, path: path), rules: rules, optimises: optimises)
    }
  }

  static func check(
    _ model: [UInt8], rules: OnnxRules = .linked, optimises: Bool = true, inputs: [String: Value] = [:],
    path: String = "m.onnx"
  ) -> Checker.Result {
    let library = GraphLibrary(
      access: MemoryFiles(), sources: [Source(models: [path: model], rules: rules, optimises: optimises)])
    return Checker.check(path, registry: .linked, library: library, inputs: inputs)
  }

  /// The outputs by name.
  static func run(
    _ model: [UInt8], _ inputs: [String: Tensor], rules: OnnxRules = .linked, optimises: Bool = true,
    path: String = "m.onnx"
  ) throws -> [String: Tensor] {
    let values = inputs.mapValues { Value.tensor($0) }
    let checked = check(model, rules: rules, optimises: optimises, path: path)
    if let fault = checked.faults.first(where: { $0.severity == .error }) { throw fault }
    let engine = Engine(registry: .linked, compiler: Compiler(registry: .linked))
    let result = engine.runAndWait(checked.graph, inputs: values, options: RunOptions(usesCache: false))
    if let fault = result.fault { throw fault }
    return result.outputs.compactMapValues { if case .tensor(let tensor) = $0 { tensor } else { nil } }
  }

  /// The first fault of a model's check.
  static func fault(_ model: [UInt8]) -> Fault? { check(model).faults.first { $0.severity == .error } }

  /// Ops in the checked graph that are eager ones of ONNX.
  static func eagerOps(_ result: Checker.Result) -> [String] {
    result.graph.nodes.map(\.op.name).filter { $0.hasPrefix("onnx.") }
  }

  /// Numbers that are neither round nor regular, on both sides of 0.
  static func numbers(_ shape: [Int], scale: Float = 1, shift: Float = 0) -> Tensor {
    Tensor(Float.self, shape: shape) { memory in
      for index in 0..<memory.count {
        memory.initializeElement(at: index, to: scale * Float((index * 7919 + 13) % 997) / 499 - scale + shift)
      }
    }
  }

  static func expectClose(_ a: Tensor?, _ b: Tensor?, _ tolerance: Float = 1e-5, _ comment: String = "") {
    guard let a, let b else {
      Issue.record("an output is missing: \(comment)")
      return
    }
    #expect(a.shape == b.shape, "\(comment)")
    #expect(a.dtype == b.dtype, "\(comment)")
    guard a.shape == b.shape, a.dtype == .f32, b.dtype == .f32 else {
      #expect(a == b, "\(comment)")
      return
    }
    let (x, y) = (a.elements(Float.self), b.elements(Float.self))
    let largest = y.map(\.magnitude).max() ?? 0
    let worst = zip(x, y).map { ($0 - $1).magnitude }.max() ?? 0
    #expect(worst <= tolerance * max(1, largest), "\(comment)")
  }
}
