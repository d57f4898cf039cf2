import Language
import Tensors

/// ONNX Einsum (12 to 28): Einstein's summation convention as NumPy writes it, with ellipses, repeated labels (diagonals) and an
/// implicit result (labels that occur once, in alphabetic order).
enum Einsum {
  static let op = OnnxOperator.make(
    "Einsum", "A sum of products over labelled axes.", "Inputs*", "Output", [Param("equation", .string, "the labels")],
    infer: { facts throws(Fault) in [Inference.tensor(facts.type("Inputs").tensor?.dtype)] }
  ) { call throws(Fault) in
    let inputs = try call.tensors("Inputs")
    let dtype = inputs[0].dtype
    for input in inputs where input.dtype != dtype {
      throw .elementTypes("Inputs", dtype, "Inputs", input.dtype)
    }
    let equation = try EinsumEquation(call.attributes.string("equation"), inputs.map(\.shape))
    var operands = zip(inputs, equation.operands).map { EinsumOperand(tensor: $0.widened(), labels: $1) }
    // Pair by pair, keeping the labels that are still needed.
    while operands.count > 1 {
      let needed = Set(operands[2...].flatMap(\.labels) + equation.result)
      let kept = (operands[0].labels + operands[1].labels.filter { !operands[0].labels.contains($0) })
        .reduce(into: [Int]()) { if needed.contains($1), !$0.contains($1) { $0.append($1) } }
      let result = operands.count == 2 ? equation.result : kept
      operands.replaceSubrange(0..<2, with: [try contract(Array(operands[0..<2]), result, equation)])
    }
    if operands[0].labels != equation.result {
      operands = [try contract(operands, equation.result, equation)]
    }
    return [operands[0].tensor.narrowed(to: dtype)]
  }

  private static func contract(
    _ operands: [EinsumOperand], _ result: [Int], _ equation: EinsumEquation
  ) throws(Fault) -> EinsumOperand {
    let summed = operands.flatMap(\.labels).reduce(into: [Int]()) {
      if !result.contains($1), !$0.contains($1) { $0.append($1) }
    }
    let shape = result.map { equation.extents[$0]! }
    let loops = shape + summed.map { equation.extents[$0]! }
    _ = try Extents.count(shape)
    _ = try Extents.count(loops, size: 1)
    let target = Extents.strides(shape) + summed.map { _ in 0 }
    let strides = operands.map { operand in (result + summed).map { operand.stride($0) } }
    let walk = StridedWalk(loops, strides + [target])
    let tensor =
      switch operands[0].tensor.dtype {
      case .f64: sum(operands.map(\.tensor), walk, shape, Double.self)
      case .i64: sum(operands.map(\.tensor), walk, shape, Int64.self)
      default: sum(operands.map(\.tensor), walk, shape, UInt64.self)
      }
    return EinsumOperand(tensor: tensor, labels: result)
  }

  /// One or two operands multiplied and added up in the result.
  private static func sum<T: Number>(
    _ operands: [Tensor], _ walk: StridedWalk, _ shape: [Int], _ type: T.Type
  ) -> Tensor {
    let result = Tensor.zeros(T.dtype, shape: shape)
    let output = result.buffer.bytes.assumingMemoryBound(to: T.self)
    let steps = walk.steps
    operands[0].withMemory(T.self) { a in
      if operands.count == 1 {
        walk.forEachRow { _, length, offsets in
          for index in 0..<length {
            let place = offsets[1] + index * steps[1]
            output[place] = T.sum(output[place], a[offsets[0] + index * steps[0]])
          }
        }
      } else {
        operands[1].withMemory(T.self) { b in
          walk.forEachRow { _, length, offsets in
            for index in 0..<length {
              let place = offsets[2] + index * steps[2]
              let product = T.product(a[offsets[0] + index * steps[0]], b[offsets[1] + index * steps[1]])
              output[place] = T.sum(output[place], product)
            }
          }
        }
      }
    }
    return result
  }
}

/// A tensor with a label per axis; labels may repeat.
private struct EinsumOperand {
  let tensor: Tensor
  let labels: [Int]

  /// Elements from one index of a label to the next; a repeated label walks along the diagonal.
  func stride(_ label: Int) -> Int {
    let strides = Extents.strides(tensor.shape)
    return labels.indices.reduce(0) { $0 + (labels[$1] == label && tensor.shape[$1] != 1 ? strides[$1] : 0) }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Einsum.op, $0) }
