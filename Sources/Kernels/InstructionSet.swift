import CKernels

/// The hot loops exist once per instruction set; the best one the processor supports is taken at run time. Which one it
/// was belongs in the key of numeric results, because their low bits differ.
public enum InstructionSet: Int32, Sendable, CaseIterable {
  case plain = 0
  case avx2 = 1
  case avx512 = 2

  /// The one in use on this thread.
  public static var current: InstructionSet {
    allCases.last { String(cString: weft_kernels().pointee.name) == "\($0)" } ?? .plain
  }

  public static var supported: [InstructionSet] { allCases.filter { weft_kernels_supported($0.rawValue) != 0 } }

  /// Selects one for the whole process, or with nil the best there is; to be called at start.
  public static func select(_ set: InstructionSet?) { weft_kernels_select(set?.rawValue ?? -1) }

  /// Runs `body` with one forced on this thread (tests).
  public func forced<R>(_ body: () throws -> R) rethrows -> R {
    weft_kernels_force(rawValue)
    defer { weft_kernels_force(-1) }
    return try body()
  }
}
