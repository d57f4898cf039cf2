import Language

/// The node that the compiler adds where a wanted value has no memory of its own to be written to.
enum Copy {
  static let op = Op(
    "compiler.copy", doc: "Copies a value.", inputs: [Port("x", "any")], outputs: [], isInternal: true,
    infer: { facts throws(Fault) in [] }, action: .numeric(Numeric(select: { _ throws(Fault) in [] })))

  static func choice(_ type: Concrete) -> Choice {
    let bytes = type.byteCount
    return Choice("copy") { call in call.results[0].copyMemory(from: call.operands[0], byteCount: bytes) }
  }
}
