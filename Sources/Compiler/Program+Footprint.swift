import Language
import Tensors

extension Program {
  /// Goes the way of `holding` with memory that nobody touches: what is left of the constants is what would be kept.
  func footprint(holding positions: Set<Int>?) -> Footprint {
    let positions = positions ?? Set(blueprint.parameters)
    guard !positions.isEmpty else { return Footprint(workspaceBytes: workspaceBytes) }

    /// What lies in a buffer: an input that is given (no steps), or what was made of some in these steps.
    struct Origin {
      var inputs: Set<Int>
      var steps: String?
    }
    var origins: [ObjectIdentifier: Origin] = [:]
    // Alive to the end, so that no two have one identity.
    var memory: [Tensor] = []
    func placeholder(_ type: Concrete, byteCount: Int, _ origin: Origin) -> Tensor {
      let tensor = Tensor(dtype: type.dtype, shape: type.shape, buffer: Buffer(byteCount: byteCount))
      memory.append(tensor)
      origins[ObjectIdentifier(tensor.buffer)] = origin
      return tensor
    }

    var given: [Int: Tensor] = [:]
    for position in positions {
      let type = inputs[position]
      given[position] = placeholder(type, byteCount: type.byteCount, Origin(inputs: [position], steps: ""))
    }
    let held = blueprint.holding(given) { operation, operands, results in
      let sources = operands.map { origins[ObjectIdentifier($0.buffer)] ?? Origin(inputs: [], steps: nil) }
      var origin = Origin(inputs: sources.reduce(into: []) { $0.formUnion($1.inputs) }, steps: nil)
      // Only these are looked for among those of other programs.
      if case .prepared(let preparation) = results[0].layout, let before = sources[0].steps {
        origin.steps = "\(before)/\(preparation.name)"
      }
      return results.map { placeholder($0.memory, byteCount: $0.byteCount, origin) }
    }
    var footprint = Footprint(
      workspaceBytes: Lowering(held).program(team: team, store: store, slabs: slabs).workspaceBytes)
    for (_, tensor) in held.constants.sorted(by: { $0.key < $1.key }) {
      guard let origin = origins[ObjectIdentifier(tensor.buffer)] else { continue }
      if origin.steps == "" {
        footprint.read += origin.inputs
      } else {
        footprint.forms.append(
          Footprint.Form(name: origin.steps, inputs: origin.inputs.sorted(), bytes: tensor.buffer.byteCount))
      }
    }
    footprint.read.sort()
    return footprint
  }
}
