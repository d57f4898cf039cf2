import Language
import Optimizers
import Tensors

/// What an optimiser remembers, as values that graphs can hold: counters of one element, and slabs in the shape of the
/// point, all f32, so that they can be brought to another size.
enum OptimizerMemory {
  /// - Parameter shape: of the point; its elements are as many as a slab's.
  static func values(_ optimizer: some Optimizer<Float>, shape: [Int], method: String) throws(Fault) -> Value {
    let count = shape.reduce(1, *)
    var values: [Value] = []
    for (_, tensor) in optimizer.state {
      switch (tensor.dtype, tensor.shape) {
      case (.i64, [1]): values.append(.tensor(Tensor(shape: [1], [Float(tensor.elements(Int64.self)[0])])))
      case (.f32, [count]): values.append(.tensor(Tensor(shape: shape, tensor.elements(Float.self))))
      default: throw .memoryNotPortable(method)
      }
    }
    return .list(values)
  }

  /// Gives a fresh optimiser the memory; an empty list is none.
  static func restore(
    _ values: [Value], to optimizer: inout any Optimizer<Float>, shape: [Int], method: String
  ) throws(Fault) {
    guard !values.isEmpty else { return }
    let fresh = optimizer.state
    guard values.count == fresh.count else { throw .memoryCount(method, values.count, fresh.count) }
    var state: [NamedTensor] = []
    for (value, (name, old)) in zip(values, fresh) {
      guard case .tensor(let tensor) = value, tensor.dtype == .f32, tensor.count == old.count else {
        throw .memoryMisfit(method, name, value, old.dtype == .i64 ? [1] : shape)
      }
      let elements = tensor.elements(Float.self)
      state.append(
        (
          name,
          old.dtype == .i64
            ? Tensor(shape: [1], [Int64(elements[0])]) : Tensor(shape: old.shape, elements)
        ))
    }
    try optimizer.restore(state)
  }
}
