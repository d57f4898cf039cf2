import Language
import Tensors

/// An optimiser by name, with its settings as data: validation and documentation derive from it. Each method stands
/// in the file of its optimiser.
public struct OptimizerMethod: Sendable {
  public let name: String
  public let doc: String
  public let params: [Param]
  /// Slabs of the optimiser's own, beside the point and its gradient: at most, or at most within so many steps.
  public let slabs: @Sendable (_ settings: Attributes, _ steps: Int?) -> Int
  /// Makes an optimiser for slabs of `count` numbers; the attributes are those that `attributes` returned.
  public let make: @Sendable (_ settings: Attributes, _ count: Int, _ sweep: Sweep) -> any Optimizer<Float>

  public init(
    _ name: String, doc: String, params: [Param],
    slabs: @escaping @Sendable (_ settings: Attributes, _ steps: Int?) -> Int,
    make: @escaping @Sendable (_ settings: Attributes, _ count: Int, _ sweep: Sweep) -> any Optimizer<Float>
  ) {
    self.name = name
    self.doc = doc
    self.params = params
    self.slabs = slabs
    self.make = make
  }

  /// Every method, by name.
  public static let all: [OptimizerMethod] = [.adam, .adamw, .lbfgs, .normalised, .sgd]

  public static func named(_ name: String) throws(Fault) -> OptimizerMethod {
    guard let method = all.first(where: { $0.name == name }) else { throw .unknownMethod(name, all.map(\.name)) }
    return method
  }

  /// Fills in defaults and checks every setting; all faults at once.
  public func attributes(_ given: [String: Literal]) -> (Attributes, [Fault]) {
    var settings = Attributes()
    var faults: [Fault] = []
    for param in params {
      guard let value = given[param.name] ?? param.fallback else {
        faults.append(.missingSetting(name, param))
        continue
      }
      switch param.check(value) {
      case .success(let canonical): settings[param.name] = canonical
      case .failure(let fault): faults.append(fault)
      }
    }
    let names = params.map(\.name)
    for key in given.keys.sorted() where !names.contains(key) { faults.append(.unknownSetting(name, key, names)) }
    return (settings, faults)
  }
}
