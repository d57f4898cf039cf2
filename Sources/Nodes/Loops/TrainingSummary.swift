import Language
import Tensors

/// What a minimisation's body consists of: an entry per op with what it makes and the parameters it has.
enum TrainingSummary {
  /// Records with `layer` (the node's path), `op`, `shape` (of the first result), `parameters` (all that belong to what
  /// is optimised: with running statistics and what is frozen) and `trainable` (those with a gradient), in the order in
  /// which the ops run. A tensor that several ops share counts with the first.
  static func value(_ site: LoopSite) -> Value {
    let body = site.training.body
    var trainable: Set<ValueID> = []
    var parameters: Set<ValueID> = []
    let frozen = Set(site.weights.flatMap(\.fixed.values).map(Place.init))
    for (input, source) in zip(body.inputs, site.training.sources) {
      switch source {
      case .wrt: trainable.insert(input)
      case .state: parameters.insert(input)
      case .fixed(let tensor): if frozen.contains(Place(tensor)) { parameters.insert(input) }
      case .stream: break
      }
    }
    parameters.formUnion(trainable)
    for (id, tensor) in body.constants where frozen.contains(Place(tensor)) { parameters.insert(id) }
    var counted: Set<ValueID> = []
    return .list(
      body.nodes.map { node in
        let own = node.operands.flatMap { $0 }.filter { parameters.contains($0) && counted.insert($0).inserted }
        func sum(_ ids: [ValueID]) -> Value { .int(ids.reduce(0) { $0 + body.concrete($1).count }) }
        return .record(
          Record([
            ("layer", .string(node.label)), ("op", .string(node.op.name)),
            ("shape", .list(body.concrete(node.results[0]).shape.map { .int($0) })), ("parameters", sum(own)),
            ("trainable", sum(own.filter(trainable.contains))),
          ]))
      })
  }

  /// Where a tensor's memory lies: tells frozen tensors from others of the same content.
  private struct Place: Hashable {
    let buffer: ObjectIdentifier
    let offset: Int

    init(_ tensor: Tensor) { (buffer, offset) = (ObjectIdentifier(tensor.buffer), tensor.offset) }
  }
}
