import Language
import Tensors

/// ONNX Where (9 to 16): X where the condition holds, else Y; all three broadcast.
enum Where {
  static let op = OnnxOperator.make(
    "Where", "X where the condition holds, else Y.", "condition X Y", "output",
    infer: Inference.broadcast("condition", "X", "Y")
  ) { call throws(Fault) in
    let condition = try call.tensor("condition")
    let (x, y) = (try call.tensor("X"), try call.tensor("Y"))
    guard condition.dtype == .bool else { throw .elementType("condition", condition.dtype, "bool") }
    guard x.dtype == y.dtype else { throw .elementTypes("X", x.dtype, "Y", y.dtype) }
    switch x.dtype.size {
    case 1: return [try select(condition, x, y, UInt8.self)]
    case 2: return [try select(condition, x, y, UInt16.self)]
    case 4: return [try select(condition, x, y, UInt32.self)]
    default: return [try select(condition, x, y, UInt64.self)]
    }
  }

  private static func select<T: BitwiseCopyable>(
    _ condition: Tensor, _ x: Tensor, _ y: Tensor, _ type: T.Type
  ) throws(Fault) -> Tensor {
    let shape = try Broadcasting.shape([condition.shape, x.shape, y.shape])
    let result = try Assembly(dtype: x.dtype, shape: shape)
    let output = result.buffer.bytes.assumingMemoryBound(to: T.self)
    let walk = StridedWalk(shape, [condition, x, y].map { Broadcasting.strides($0.shape, over: shape) })
    let steps = walk.steps
    condition.withMemory(UInt8.self) { holds in
      x.withMemory(T.self) { x in
        y.withMemory(T.self) { y in
          walk.forEachRow { start, length, offsets in
            for index in 0..<length {
              output[start + index] =
                holds[offsets[0] + index * steps[0]] != 0
                ? x[offsets[1] + index * steps[1]] : y[offsets[2] + index * steps[2]]
            }
          }
        }
      }
    }
    return Tensor(dtype: x.dtype, shape: shape, buffer: result.buffer)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Where.op, $0) }
