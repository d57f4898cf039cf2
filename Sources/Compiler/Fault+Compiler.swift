import Language

/// Wording of what cannot be compiled.
extension Fault {
  static func exceedsMachine(_ bytes: Int, _ available: Int) -> Fault {
    func gigabytes(_ count: Int) -> Int { count >> 30 }
    return Fault(
      "memory",
      "this part of the graph needs \(gigabytes(bytes)) GiB for its values, but the machine has \(gigabytes(available))"
    )
  }
}
