import Language

/// Resampling to a height and width that are said in terms of other extents.
public enum TensorResizeTo {
  public static let op = SizedOp.make("tensor.resize_to", TensorResize.op, param: "size") { x, wanted throws(Fault) in
    guard wanted.count == 2 else { throw .params("param \"size\" takes two extents, not \(wanted.count)") }
    guard let x else { return nil }
    guard x.count >= 2 else { throw .shape("x has \(x.count) dimensions; at least 2 are needed") }
    return x.dropLast(2) + wanted.map { $0 ?? .unknown }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TensorResizeTo.op, $0) }
