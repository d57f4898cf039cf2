import Language

/// Wording of what can be wrong with the use of an op of arrays.
extension Fault {
  static func notBroadcastable(_ a: (name: String, extent: Dim), _ b: (name: String, extent: Dim), _ axis: Int)
    -> Fault
  {
    .shape(
      "\(a.name) and \(b.name) do not broadcast: dimension \(axis) is \(a.extent) in \(a.name) and \(b.extent) in "
        + "\(b.name); they must be equal or one of them 1")
  }

  static func axisOutside(_ param: String, _ axis: Int, rank: Int) -> Fault {
    .shape("param \"\(param)\" names dimension \(axis), but the input has \(rank) dimensions")
  }

  static func axisTwice(_ param: String, _ axis: Int) -> Fault {
    .shape("param \"\(param)\" names dimension \(axis) twice")
  }

  static func notReshapable(_ port: String, _ from: [Dim], _ to: [Dim]) -> Fault {
    .shape(
      "\(port) is \(text(from)) and cannot be seen as \(text(to)): \(product(from)) elements where \(product(to)) are needed"
    )
  }

  static func notDivisible(_ port: String, _ from: [Dim], _ known: Int) -> Fault {
    .shape("\(port) is \(text(from)): its \(product(from)) elements cannot be divided by \(known) to fill the -1")
  }

  static func countOfParam(_ param: String, _ count: Int, _ what: String, _ wanted: Int) -> Fault {
    .shape("param \"\(param)\" has \(count) entries for \(wanted) \(what)")
  }

  static func extentsDiffer(_ a: String, _ b: String, _ axis: Int, _ first: Dim, _ second: Dim) -> Fault {
    .shape("dimension \(axis) is \(first) in \(a) and \(second) in \(b); they must be equal")
  }

  static func ranksDiffer(_ a: String, _ b: String, _ first: Int, _ second: Int) -> Fault {
    .shape("\(a) has \(first) dimensions and \(b) has \(second); they must have the same number")
  }

  static func dtypesDiffer(_ a: String, _ b: String, _ first: String, _ second: String) -> Fault {
    .type("\(a) holds \(first) and \(b) holds \(second); they must hold the same element type")
  }

  static func outside(_ param: String, _ value: Int, _ axis: Int, _ extent: Dim) -> Fault {
    .shape("param \"\(param)\" is \(value), outside dimension \(axis), which is \(extent)")
  }

  static func emptyAxis(_ op: String, _ axis: Int) -> Fault {
    .shape("dimension \(axis) is 0: there is no \(op) of nothing")
  }

  static func notOne(_ port: String, _ axis: Int, _ extent: Dim) -> Fault {
    .shape("dimension \(axis) of \(port) is \(extent); only a dimension of 1 can be dropped")
  }

  private static func text(_ shape: [Dim]) -> String { "[" + shape.map(\.description).joined(separator: ",") + "]" }
  private static func product(_ shape: [Dim]) -> Dim { shape.reduce(1, *) }
}
