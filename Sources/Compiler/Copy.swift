import Language

/// The step that the compiler adds where a wanted value has no memory of its own to be written to.
enum Copy {
  static let name = "compiler.copy"

  static func choice(_ type: Concrete) -> Choice {
    let bytes = type.byteCount
    return Choice("copy") { call in call.results[0].copyMemory(from: call.operands[0], byteCount: bytes) }
  }
}
