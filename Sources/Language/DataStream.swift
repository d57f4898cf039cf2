import Tensors

/// A sequence of tensors by position, each a pure function of the position: the examples of a data set in order, or the
/// batches of a training, which go on for ever. A run that is resumed needs nothing but the position and its seed.
public struct DataStream: Sendable {
  /// Of every element; all extents known.
  public let type: TensorType
  /// Elements in one pass over the data.
  public let count: Int
  /// Examples in one element: those of a batch.
  public let examples: Int
  /// Identity: source content and settings.
  public let digest: Digest
  /// Where the elements come from, for messages.
  public let source: String
  /// The element at a position of at least 0; a stream of examples has `count` of them. Only an order that is drawn
  /// depends on the seed.
  public let element: Element

  public typealias Element = @Sendable (_ position: Int, _ seed: UInt64) throws(Fault) -> Tensor

  public init(
    type: TensorType, count: Int, examples: Int = 1, digest: Digest, source: String,
    element: @escaping Element
  ) {
    self.type = type
    self.count = count
    self.examples = examples
    self.digest = digest
    self.source = source
    self.element = element
  }

  /// The element, whose type must be the one the stream declares.
  public func checked(_ position: Int, seed: UInt64) throws(Fault) -> Tensor {
    let tensor = try element(position, seed)
    guard let declared = type.concrete, tensor.dtype == declared.dtype, tensor.shape == declared.shape else {
      throw .streamElement(source, position, "\(tensor.dtype.rawValue)\(tensor.shape)", "\(type)")
    }
    return tensor
  }
}
