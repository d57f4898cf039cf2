import Language

/// Compiles so that observers can read the results of every node: for probes and the NaN trap.
struct ShowingCompiler: RegionCompiler {
  let compiler: any RegionCompiler

  func compile(_ region: Region, _ demand: Demand) throws(Fault) -> any Executable {
    var demand = demand
    demand.showsEveryNode = true
    return try compiler.compile(region, demand)
  }

  func gainsFromBatching(_ region: Region, isShared: [Bool]) -> Bool {
    compiler.gainsFromBatching(region, isShared: isShared)
  }
}
