import Language
import Tensors

/// A list of tensors as one tensor.
public enum ListStack {
  public static let op = Op(
    "list.stack",
    doc: "The tensors of a list, of one shape and element type, one behind the other along a new dimension.",
    inputs: [Port("x", "list<tensor>", .one, "at least one tensor")], outputs: [Port("y", "tensor")],
    params: [
      Param("axis", .int(.all), default: .int(0), "the new dimension; negative counts from the end"),
      Param("reverse", .bool, default: .bool(false), "the last one first"),
    ],
    infer: { facts throws(Fault) in
      guard case .list(let element) = facts.type("x"), let type = element.tensor, let shape = type.shape else {
        return [.tensor(TensorType(dtype: nil, shape: nil))]
      }
      var result = shape
      result.insert(.symbol("n"), at: try place(facts.attributes.int("axis"), rank: shape.count))
      return [.tensor(TensorType(dtype: type.dtype, shape: result))]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        var tensors: [Tensor] = []
        for value in try call.list("x") {
          guard case .tensor(let tensor) = value else { throw .failed("the list holds \(value.kind), not a tensor") }
          tensors.append(tensor)
        }
        if call.attributes.bool("reverse") { tensors.reverse() }
        return [.tensor(try stacked(tensors, axis: call.attributes.int("axis")))]
      }))

  private static func place(_ axis: Int, rank: Int) throws(Fault) -> Int {
    let place = axis < 0 ? axis + rank + 1 : axis
    guard (0...rank).contains(place) else {
      throw .params("param \"axis\" is \(axis), but the result has \(rank + 1) dimensions")
    }
    return place
  }

  static func stacked(_ tensors: [Tensor], axis: Int) throws(Fault) -> Tensor {
    guard let first = tensors.first else { throw .failed("there is nothing in the list to stack") }
    for tensor in tensors where tensor.shape != first.shape || tensor.dtype != first.dtype {
      throw .failed(
        "a tensor \(tensor.dtype.rawValue)\(tensor.shape) cannot be stacked on \(first.dtype.rawValue)\(first.shape)")
    }
    let place = try place(axis, rank: first.rank)
    let outer = first.shape[..<place].reduce(1, *)
    let inner = first.shape[place...].reduce(first.dtype.size, *)
    let result = Buffer(byteCount: tensors.count * first.byteCount)
    for row in 0..<outer {
      for (index, tensor) in tensors.enumerated() where inner > 0 {
        (result.bytes + (row * tensors.count + index) * inner).copyMemory(
          from: tensor.bytes.baseAddress! + row * inner, byteCount: inner)
      }
    }
    var shape = first.shape
    shape.insert(tensors.count, at: place)
    return Tensor(dtype: first.dtype, shape: shape, buffer: result)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ListStack.op, $0) }
