import Language

/// Ops that stand for structure in a flat graph; no author writes them.
enum StructuralOps {
  static let map = Op(
    "core.map", doc: "Applies a body to every element of a list.", inputs: [], outputs: [], isInternal: true,
    infer: { _ throws(Fault) in [] }, action: .control(.loop))

  static let absentName = "model.absent"

  /// Stands for a model file that is not there, so that the graph around it can be checked and drawn.
  static func absent(_ model: String, _ ports: [String]) -> Op {
    Op(
      absentName, doc: "A model file that is missing.", inputs: ports.map { Port($0, type: .any, .optional) },
      outputs: [], isInternal: true, infer: { _ throws(Fault) in [] },
      action: .host(Host { _ throws(Fault) in throw .failed("the model \(model) is not there") }))
  }
}
