import Compiler
import Engine
import Graph
import ImageOps
import Kernels
import Language
import MathOps
import NetOps
import Nodes
import OnnxOps
import Workers

/// The composition root: one engine over the linked ops, with the store that the command asks for.
enum Session {
  /// - Parameters:
  ///   - cache: a folder, `off`, or nil for the user's own.
  ///   - mem: bytes that a run is allowed; loops that optimise then compute activations again rather than need more.
  static func engine(cache: String?, jobs: Int?, mem: Int? = nil) -> Engine {
    if let jobs { Team.shared.width = jobs }
    let folder = cache == "off" ? nil : cache ?? Locations.home + "/cache"
    return Engine(
      registry: .linked, compiler: Compiler(registry: .linked, gradientLimit: mem ?? .max),
      store: ResultStore(folder: folder), width: jobs,
      numericFamily: KernelFamily.current)
  }
}
