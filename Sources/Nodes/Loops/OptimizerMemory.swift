import Language
import Optimizers
import Tensors

/// What an optimiser remembers, as values that graphs can hold: counters of one element, and slabs in the shape of the
/// point, all f32, so that they can be brought to another size. Where the number of slabs grows (L-BFGS), the whole
/// state with its names in front, for the same point only.
enum OptimizerMemory {
  /// The state of any optimiser.
  static func whole(_ optimizer: some Optimizer<Float>, shape: [Int], method: String) throws(Fault) -> Value {
    if let portable = try? values(optimizer, shape: shape, method: method) { return portable }
    let state = optimizer.state
    return .list([.list(state.map { .string($0.name) })] + state.map { .tensor($0.tensor) })
  }

  /// What `whole` gives; nothing is said of a state whose slabs grow in number, which comes under names.
  static func type(_ method: OptimizerMethod, _ settings: Attributes, shape: [Dim]?) -> ValueType {
    let state = layout(method, settings)
    guard state.allSatisfy({ $0.dtype == .i64 || $0.count == 2 }), state.count > 1 else { return .list(.any) }
    return .tuple(state.map { $0.dtype == .i64 ? .f32([1]) : .f32(shape) })
  }

  /// What an optimiser begins with, of one for two numbers: a slab has that many.
  private static func layout(
    _ method: OptimizerMethod, _ settings: Attributes
  ) -> [(name: String, dtype: DType, count: Int)] {
    method.make(settings, 2, .serial).state.map { ($0.name, $0.tensor.dtype, $0.tensor.count) }
  }

  /// Whether the values are those of `whole` under names.
  private static func named(_ values: [Value]) -> [NamedTensor]? {
    guard case .list(let names)? = values.first, names.count == values.count - 1 else { return nil }
    var state: [NamedTensor] = []
    for (name, value) in zip(names, values.dropFirst()) {
      guard case .string(let name) = name, case .tensor(let tensor) = value else { return nil }
      state.append((name, tensor))
    }
    return state
  }

  /// - Parameter shape: of the point; its elements are as many as a slab's.
  static func values(_ optimizer: some Optimizer<Float>, shape: [Int], method: String) throws(Fault) -> Value {
    let count = shape.reduce(1, *)
    var values: [Value] = []
    for (_, tensor) in optimizer.state {
      switch (tensor.dtype, tensor.shape) {
      case (.i64, [1]): values.append(.tensor(Tensor(shape: [1], [Float(tensor.elements(Int64.self)[0])])))
      case (.f32, [count]):
        // The same memory under another shape: a copy of a large picture counts.
        values.append(.tensor(Tensor(dtype: .f32, shape: shape, buffer: tensor.buffer, offset: tensor.offset)))
      default: throw .memoryNotPortable(method)
      }
    }
    return .list(values)
  }

  /// Gives a fresh optimiser the memory; an empty list is none.
  static func restore(
    _ values: [Value], to optimizer: inout any Optimizer<Float>, shape: [Int], _ method: OptimizerMethod,
    _ settings: Attributes
  ) throws(Fault) {
    guard !values.isEmpty else { return }
    if let state = named(values) { return try optimizer.restore(state) }
    let slab = shape.reduce(1, *)
    let fresh = layout(method, settings).map { ($0.name, $0.dtype, $0.dtype == .i64 ? $0.count : slab) }
    guard values.count == fresh.count else { throw .memoryCount(method.name, values.count, fresh.count) }
    var state: [NamedTensor] = []
    for (value, (name, dtype, count)) in zip(values, fresh) {
      guard case .tensor(let tensor) = value, tensor.dtype == .f32, tensor.count == count else {
        throw .memoryMisfit(method.name, name, value, dtype == .i64 ? [1] : shape)
      }
      state.append(
        (
          name,
          dtype == .i64
            ? Tensor(shape: [1], [Int64(tensor.elements(Float.self)[0])])
            : Tensor(dtype: .f32, shape: [count], buffer: tensor.buffer, offset: tensor.offset)
        ))
    }
    try optimizer.restore(state)
  }
}
