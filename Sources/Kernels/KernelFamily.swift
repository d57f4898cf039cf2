import Glibc

/// What the low bits of numeric results depend on besides ops, inputs and settings: part of the key of every numeric
/// result, so that a result of one family never stands in for one of another.
public enum KernelFamily {
  /// Raise it when a kernel, a tile size or the order of a sum changes what comes out.
  public static let revision = 3

  /// Instruction set, kernels, and the C library, whose functions serve sines, powers and the like. There is no BLAS
  /// version: the matrix product is this project's own, because the sums of a library's depend on the number of rows.
  public static let current = "\(InstructionSet.current) kernels-\(revision) \(libraryVersion)"

  private static var libraryVersion: String {
    var text = [CChar](repeating: 0, count: 64)
    let length = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    return length > 1 ? String(decoding: text.prefix(length - 1).map(UInt8.init(bitPattern:)), as: UTF8.self) : "libc"
  }
}
