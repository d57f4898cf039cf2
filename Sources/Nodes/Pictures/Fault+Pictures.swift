import Language

/// Wording of what can go wrong with drawing and colours.
extension Fault {
  static func incompleteRow(_ port: String, _ wanted: [String], _ found: [String]) -> Fault {
    .failed(
      "port \"\(port)\" needs records with \(wanted.joined(separator: ", ")), but one has "
        + (found.isEmpty ? "nothing" : found.joined(separator: ", ")))
  }

  static func sizesDiffer(_ a: String, _ aSize: [Int], _ b: String, _ bSize: [Int]) -> Fault {
    .shape("\(a) is \(aSize[0])×\(aSize[1]) and \(b) \(bSize[0])×\(bSize[1]); they must be equally large")
  }

  static func nothingToPlot(_ columns: [String]) -> Fault {
    .failed("there is no finite number to plot in \(columns.joined(separator: ", "))")
  }

  static func flatMap(_ matrix: [Double]) -> Fault {
    .failed("the map \(matrix) leaves nothing of a picture: it has no inverse")
  }
}
