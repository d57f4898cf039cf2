import Language

/// Stretching to extents that are said in terms of other extents.
public enum ExpandTo {
  public static let op = SizedOp.make("tensor.expand_to", Expand.op, param: "shape") { x, wanted throws(Fault) in
    let wanted = wanted.map { $0 ?? .unknown }
    guard let x else { return wanted }
    guard x.count <= wanted.count else {
      throw .shape("x has \(x.count) dimensions, but the param \"shape\" only \(wanted.count)")
    }
    let skipped = wanted.count - x.count
    for axis in x.indices where x[axis].value != 1 && x[axis].compare(wanted[axis + skipped]) == .different {
      throw .extentsDiffer("x", "shape", axis + skipped, x[axis], wanted[axis + skipped])
    }
    return wanted
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ExpandTo.op, $0) }
