import Language
import Tensors

/// Takes the entries of a state apart by name, checking type and shape, and refuses what is left over.
struct StateReader {
  private let optimizer: String
  private var entries: [String: Tensor]

  init(_ state: [NamedTensor], of optimizer: String) throws(Fault) {
    self.optimizer = optimizer
    entries = [:]
    for entry in state {
      guard entries.updateValue(entry.tensor, forKey: entry.name) == nil else {
        throw .badState(optimizer, "\"\(entry.name)\" stands in it twice")
      }
    }
  }

  /// The tensor under `name`, `count` elements of the dtype.
  mutating func tensor(_ name: String, _ dtype: DType, count: Int) throws(Fault) -> Tensor {
    guard let tensor = entries.removeValue(forKey: name) else { throw .badState(optimizer, "\"\(name)\" is missing") }
    guard tensor.dtype == dtype, tensor.shape == [count] else {
      throw .badState(
        optimizer, "\"\(name)\" is \(tensor.dtype.rawValue)\(tensor.shape), not \(dtype.rawValue)[\(count)]")
    }
    return tensor
  }

  mutating func values<T: Element>(_ name: String, _ type: T.Type, count: Int) throws(Fault) -> [T] {
    try tensor(name, T.dtype, count: count).elements(type)
  }

  /// Call last: nothing may be left.
  func finish() throws(Fault) {
    if let name = entries.keys.min() { throw .badState(optimizer, "it has no use for \"\(name)\"") }
  }
}
