import Language

/// ONNX Ceil, Floor (6 to 13) and Round (11 to 22, halves to even).
enum Rounding {
  static let ops = [
    UnaryReal.make("Ceil", "Rounded up.") { $0.rounded(.up) },
    UnaryReal.make("Floor", "Rounded down.") { $0.rounded(.down) },
    UnaryReal.make("Round", "Rounded to the nearest integer, halves to even.") { $0.rounded(.toNearestOrEven) },
  ]
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Rounding.ops, $0) }
