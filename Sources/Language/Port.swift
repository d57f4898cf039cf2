/// An input or output of an op.
public struct Port: Sendable {
  public enum Arity: Sendable, Hashable {
    case one
    /// May be left unconnected.
    case optional
    /// Takes a list of references.
    case variadic
    /// A network parameter (weight, bias, running mean): connected like any port, or else owned by the node and named
    /// `node.port`, taken from the bound weights or, without any, made by this initialiser.
    case parameter(Initializer)
  }

  public let name: String
  public let type: ValueType
  public let arity: Arity
  public let doc: String

  /// `type` is the text form; a bad one is a mistake in the op's declaration and traps.
  public init(_ name: String, _ type: String, _ arity: Arity = .one, _ doc: String = "") {
    self.name = name
    do { self.type = try ValueType(parsing: type) } catch { preconditionFailure(error.text) }
    self.arity = arity
    self.doc = doc
  }

  public init(_ name: String, type: ValueType, _ arity: Arity = .one, _ doc: String = "") {
    self.name = name
    self.type = type
    self.arity = arity
    self.doc = doc
  }

  public var isParameter: Bool { if case .parameter = arity { true } else { false } }
}

/// How a network parameter starts when no weights are bound. `fan` counts follow He et al. 2015 and Glorot & Bengio
/// 2010: fan-in = inputs per output element, fan-out = outputs per input element.
public enum Initializer: Sendable, Hashable {
  case constant(Double)
  /// Normal with standard deviation sqrt(2 / fan-in) (He et al. 2015, eq. 10).
  case heNormal
  /// Uniform on ±sqrt(6 / (fan-in + fan-out)) (Glorot & Bengio 2010, eq. 16).
  case xavierUniform
}
