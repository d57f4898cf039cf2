/// Opens files of another format as graphs. The program injects the formats it knows, as it does `FileProbe`.
public protocol GraphSource: Sendable {
  /// Endings of the files it opens, with the dot: `.onnx`.
  var endings: [String] { get }
  /// Reads the structure of a file, not its numbers.
  func open(_ path: String) throws(Fault) -> any ForeignGraph
}

/// A graph in another format: inputs, outputs, and how its nodes become uses of ops.
public protocol ForeignGraph: Sendable {
  var doc: String? { get }
  var inputs: [ForeignPort] { get }
  /// Types as far as the file declares them.
  var outputs: [ForeignPort] { get }
  /// Adds what the outputs need to `assembly`. Inputs that are not connected are missing from `inputs`.
  func assemble(_ assembly: any GraphAssembly, inputs: [String: GraphValue]) throws(Fault) -> any ForeignValues
}

public struct ForeignPort: Sendable {
  public let name: String
  public let type: ValueType
  public let isOptional: Bool

  public init(name: String, type: ValueType, isOptional: Bool = false) {
    self.name = name
    self.type = type
    self.isOptional = isOptional
  }
}

/// The values of a foreign graph that was assembled.
public protocol ForeignValues: AnyObject {
  /// In the order of the graph's outputs.
  var outputs: [GraphValue] { get }
  /// What can be tapped.
  var names: [String] { get }
  /// Any value of the graph by the name it has in the file; nil where there is none.
  func value(_ name: String) throws(Fault) -> GraphValue?
}

/// A value of a graph under assembly.
public struct GraphValue: Sendable, Hashable {
  public let index: Int
  public init(index: Int) { self.index = index }
}

/// A graph under construction, as an importer sees it: ops go in, types come out.
public protocol GraphAssembly: AnyObject {
  var registry: Registry { get }

  func type(of value: GraphValue) -> ValueType

  /// The value itself, where it is known before the run.
  func known(_ value: GraphValue) -> Value?

  func constant(_ value: Value, type: ValueType) -> GraphValue

  /// A use of `op`; `operands` are per port, and params left out take their defaults. Gives a value per result.
  ///
  /// - Throws: what is wrong with the params, the operands' types or their extents.
  func add(
    _ op: Op, _ operands: [[GraphValue]], _ settings: [String: Literal], name: String
  ) throws(Fault) -> [GraphValue]

  /// Runs one of two bodies, which give equally many values.
  func branch(
    _ condition: GraphValue, name: String, then: ForeignBody, otherwise: ForeignBody
  ) throws(Fault) -> [GraphValue]

  /// Runs a body again and again. It is given the states and returns their next values, then whether to go on, then
  /// what is collected. The loop ends when it says so, or after `steps` rounds.
  ///
  /// - Returns: the states, then a list per collected value.
  func loop(
    steps: Int?, states: [GraphValue], collected: Int, name: String, body: ForeignLoopBody
  ) throws(Fault) -> [GraphValue]
}

public typealias ForeignBody = (any GraphAssembly) throws(Fault) -> [GraphValue]
public typealias ForeignLoopBody = (any GraphAssembly, [GraphValue]) throws(Fault) -> [GraphValue]
