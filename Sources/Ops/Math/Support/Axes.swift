import Language

/// Dimensions named by params: negative ones count from the end.
enum Axes {
  /// The axis as an index into a shape of `rank` dimensions.
  static func resolve(_ axis: Int, rank: Int, param: String = "axis") throws(Fault) -> Int {
    let index = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(index) else { throw .axisOutside(param, axis, rank: rank) }
    return index
  }

  /// Distinct axes in ascending order; all of them where the param is left out.
  static func resolve(_ attributes: Attributes, rank: Int, param: String = "axes") throws(Fault) -> [Int] {
    guard attributes.has(param) else { return Array(0..<rank) }
    var axes: [Int] = []
    for axis in attributes.ints(param) {
      let index = try resolve(axis, rank: rank, param: param)
      if axes.contains(index) { throw .axisTwice(param, axis) }
      axes.append(index)
    }
    return axes.sorted()
  }
}

extension Literal {
  static func ints(_ values: [Int]) -> Literal { .array(values.map { .int($0) }) }
  static func numbers(_ values: [Double]) -> Literal { .array(values.map { .float($0) }) }
}

extension Attributes {
  /// The list, or nothing where the param is left out.
  func optionalInts(_ name: String) -> [Int]? { has(name) ? ints(name) : nil }
}

extension Facts {
  func shape(_ port: String) -> [Dim]? { tensor(port).shape }
}

extension Emitter {
  func shape(_ value: ValueID) -> [Int] { region.concrete(value).shape }

  /// The one result of a use of `op`, each operand on a port of its own.
  mutating func use(
    _ op: Op, _ operands: ValueID..., attributes: [String: Literal] = [:]
  ) throws(Fault) -> ValueID {
    try emit(op, operands.map { [$0] }, attributes)[0]
  }
}
