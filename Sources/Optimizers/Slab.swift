import Language
import Tensors

/// A flat run of numbers that passes read or write.
///
/// Unchecked because a pointer is not Sendable; safe because a slab lives only inside one `tell`, and each chunk of a
/// pass touches its own elements of what it writes.
public struct Slab<Scalar: SlabScalar>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Scalar>
  let count: Int

  init(_ memory: UnsafeMutableBufferPointer<Scalar>) {
    start = memory.baseAddress ?? UnsafeMutablePointer(bitPattern: MemoryLayout<Scalar>.alignment)!
    count = memory.count
  }

  /// A slab that is only read.
  init(_ memory: UnsafeBufferPointer<Scalar>) { self.init(UnsafeMutableBufferPointer(mutating: memory)) }

  /// The elements of a buffer; to be written only before it is shared.
  init(_ buffer: Buffer) {
    let count = buffer.byteCount / MemoryLayout<Scalar>.stride
    start = buffer.bytes.assumingMemoryBound(to: Scalar.self)
    self.count = count
  }
}

/// The element types optimisers work in: Float for real runs, Double to compare an algorithm with its reference.
public protocol SlabScalar: BinaryFloatingPoint, Element {}

extension Float: SlabScalar {}
extension Double: SlabScalar {}
