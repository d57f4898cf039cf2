import Language
import Tensors

/// What a file says about a tensor before its numbers are read.
public struct TensorHeader: Sendable, Hashable {
  public let name: String
  public let dtype: DType
  public let shape: [Int]

  public init(name: String, dtype: DType, shape: [Int]) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
  }

  /// The size of the numbers, nil if it is beyond every address space.
  var byteCount: Int? { TensorHeader.byteCount(dtype, shape) }

  static func byteCount(_ dtype: DType, _ shape: [Int]) -> Int? {
    // The largest extents count first: an extent of 0 does not excuse the others.
    var product = dtype.size
    for extent in shape where extent != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, next < 1 << 56 else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }
}

/// An open file of named tensors.
public protocol TensorSource: Sendable {
  /// In the file's order; names are unique.
  var headers: [TensorHeader] { get }
  /// The numbers of one of the headers.
  func load(_ header: TensorHeader) throws(Fault) -> Tensor
}

extension TensorSource {
  /// The numbers under a name; `file` is for the message.
  public func load(_ name: String, of file: String) throws(Fault) -> Tensor {
    guard let header = headers.first(where: { $0.name == name }) else {
      throw .unknownTensor(name, file, headers.map(\.name))
    }
    return try load(header)
  }
}
