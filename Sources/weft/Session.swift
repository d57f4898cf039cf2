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
  /// `cache`: a folder, `off`, or nil for the user's own.
  static func engine(cache: String?, jobs: Int?) -> Engine {
    if let jobs { Team.shared.width = jobs }
    let folder = cache == "off" ? nil : cache ?? Locations.home + "/cache"
    return Engine(
      registry: .linked, compiler: Compiler(registry: .linked), store: ResultStore(folder: folder), width: jobs,
      numericFamily: KernelFamily.current)
  }
}
