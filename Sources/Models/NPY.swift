import Language
import Tensors

/// Arrays in NumPy's .npy format, versions 1 to 3.
public enum NPY {
  /// Reads an array: any byte order, C or Fortran order (the result is row-major), every `DType` but bf16. An array that
  /// needs no rearranging is mapped and read when it is touched.
  public static func read(_ path: String) throws(Fault) -> Tensor {
    let buffer = try MappedFile.open(path)
    return try decode(buffer, 0..<buffer.byteCount, path)
  }

  /// Element type and shape, without the numbers.
  public static func probe(_ path: String) throws(Fault) -> (dtype: DType, shape: [Int]) {
    let buffer = try MappedFile.open(path)
    // The bytes are not to be unmapped before they are read.
    defer { withExtendedLifetime(buffer) {} }
    let header = try NPYHeader(UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount), path)
    return (header.dtype, header.shape)
  }

  /// Writes an array atomically, as NumPy does (version 1 unless the header is very long). bf16, which NumPy lacks,
  /// is widened to f32.
  public static func write(_ tensor: Tensor, to path: String) throws(Fault) {
    let tensor = tensor.dtype == .bf16 ? tensor.converted(to: .f32) : tensor
    let code = DType.npyNames.first { $0.0 == tensor.dtype }!.1
    let head = NPYHeader.encoded(code, tensor.shape)
    let result: Result<Void, Fault> = head.withUnsafeBytes { head in
      Result { () throws(Fault) in try MappedFile.replace(path, with: [head, tensor.bytes]) }
    }
    // The pieces point into the tensor's buffer.
    withExtendedLifetime(tensor) {}
    try result.get()
  }

  /// The array at a range of a buffer.
  static func decode(_ buffer: Buffer, _ range: Range<Int>, _ file: String) throws(Fault) -> Tensor {
    let bytes = UnsafeRawBufferPointer(start: buffer.bytes + range.lowerBound, count: range.count)
    let header = try NPYHeader(bytes, file)
    let size = header.shape.reduce(header.dtype.size, *)
    guard size <= bytes.count - header.dataOffset else {
      throw .malformed(
        file, "npy",
        "\(header.dtype.rawValue)\(header.shape) needs \(size) bytes, it has "
          + "\(bytes.count - header.dataOffset)")
    }
    let tensor = try Tensor.over(
      buffer, range.lowerBound + header.dataOffset,
      TensorHeader(name: "array", dtype: header.dtype, shape: header.shape), file)
    guard header.bigEndian || header.fortranOrder && tensor.rank > 1 else { return tensor }
    return rearranged(tensor, header)
  }

  /// The elements in row-major order and native byte order.
  private static func rearranged(_ tensor: Tensor, _ header: NPYHeader) -> Tensor {
    let result = Buffer(byteCount: tensor.byteCount)
    let (source, target) = (tensor.bytes, UnsafeMutableRawBufferPointer(start: result.bytes, count: tensor.byteCount))
    let size = tensor.dtype.size
    var strides = Array(repeating: size, count: tensor.rank)
    if header.fortranOrder {
      for axis in strides.indices.dropFirst() { strides[axis] = strides[axis - 1] * tensor.shape[axis - 1] }
    } else {
      for axis in strides.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * tensor.shape[axis + 1] }
    }
    var place = StridedPlace(shape: tensor.shape, strides: strides)
    for index in 0..<tensor.count {
      for byte in 0..<size {
        target[index * size + byte] = source[place.offset + (header.bigEndian ? size - 1 - byte : byte)]
      }
      place.advance()
    }
    return Tensor(dtype: tensor.dtype, shape: tensor.shape, buffer: result)
  }
}

/// Walks over a tensor's elements in row-major order, keeping their offset under other strides.
struct StridedPlace {
  private let shape: [Int]
  private let strides: [Int]
  private var indices: [Int]
  private(set) var offset = 0

  init(shape: [Int], strides: [Int]) {
    self.shape = shape
    self.strides = strides
    indices = Array(repeating: 0, count: shape.count)
  }

  @inline(__always)
  mutating func advance() {
    var axis = shape.count - 1
    while axis >= 0 {
      indices[axis] += 1
      offset += strides[axis]
      if indices[axis] < shape[axis] { return }
      offset -= strides[axis] * shape[axis]
      indices[axis] = 0
      axis -= 1
    }
  }
}
