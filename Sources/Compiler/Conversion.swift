import Kernels
import Language

/// Nodes that the compiler adds between kernels of different layouts.
enum Conversion {
  static func choice(_ type: Concrete, from: Layout, to: Layout) -> Choice {
    switch (from, to) {
    case (_, .prepared(let preparation)) where preparation.source == from:
      return Choice(
        "prepare", operandLayouts: [from], resultLayouts: [to], operations: Double(preparation.byteCount / 4),
        chunks: preparation.chunks
      ) { call in preparation.run(call.chunk, call.operands[0], call.results[0]) }
    case (.rowMajor, .channelBlocked):
      let conversion = Blocked.Conversion(type.shape)
      return Choice(
        "to-blocks", operandLayouts: [from], resultLayouts: [to], operations: Double(type.count),
        chunks: conversion.chunks
      ) { call in conversion.toBlocks(chunk: call.chunk, x: call.input(0), y: call.output()) }
    case (.channelBlocked, .rowMajor):
      let conversion = Blocked.Conversion(type.shape)
      return Choice(
        "from-blocks", operandLayouts: [from], resultLayouts: [to], operations: Double(type.count),
        chunks: conversion.chunks
      ) { call in conversion.fromBlocks(chunk: call.chunk, x: call.input(0), y: call.output()) }
    default: preconditionFailure("no conversion from \(from) to \(to)")
    }
  }
}
