import Language

/// Wording of what can be wrong with patches.
extension Fault {
  static func patchTooLarge(_ port: String, _ dimension: Int, _ extent: Int, _ kernel: Int) -> Fault {
    .shape("\(port): dimension \(dimension) is \(extent), smaller than a patch of \(kernel)")
  }

  static func labelsInPairs() -> Fault {
    .params("\"labels\" and \"bank_labels\" are needed together, or neither")
  }

  static func emptyBank() -> Fault { .shape("bank has no rows: there is nothing to match") }
}
