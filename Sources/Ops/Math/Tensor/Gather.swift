import Language
import Tensors

/// Places along a dimension, named by another tensor.
public enum Gather {
  public static let op: Op = Op(
    "tensor.gather",
    doc: """
      Takes the places of a dimension that indices names; the shape of indices stands in its place. Negative indices \
      count from the end; those outside are moved to the edge.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "Any shape."),
      Port("indices", "tensor", .one, "i32, i64 or whole numbers as f32."),
    ], outputs: [Port("y", "tensor<f32>")],
    params: [Param("axis", .int(.all), default: .int(0), "The dimension; negative counts from the end.")],
    infer: { facts throws(Fault) in
      if let dtype = facts.tensor("indices").dtype, ![.i32, .i64, .f32].contains(dtype) {
        throw .type("indices holds \(dtype.rawValue) where i32, i64 or f32 is needed")
      }
      guard let shape = facts.shape("x"), let indices = facts.shape("indices") else { return [.f32(nil)] }
      let axis = try Axes.resolve(facts.attributes.int("axis"), rank: shape.count)
      if shape[axis].value == 0 { throw .emptyAxis("place", axis) }
      return [.f32(Array(shape[..<axis] + indices + shape[(axis + 1)...]))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          guard adjoint.needs[0] else { return [nil, nil] }
          let shape = emitter.shape(adjoint.operands[0])
          let axis = try Axes.resolve(adjoint.attributes.int("axis"), rank: shape.count)
          return [
            try emitter.use(
              gradient, adjoint.cotangent, adjoint.operands[1],
              attributes: ["shape": .ints(shape), "axis": .int(axis)]), nil,
          ]
        },
        select: { site throws(Fault) in
          let axis = try Axes.resolve(site.attributes.int("axis"), rank: site.operand(0).shape.count)
          let plan = Plan(site.operand(0).shape, axis, site.operand(1))
          let chunking = Chunking(count: plan.outer * plan.count, unitCost: plan.inner + 4)
          return [
            Choice("gather", chunks: chunking.chunks) { call in
              for row in chunking.range(call.chunk) {
                let place = plan.place(call.operands[1], row % plan.count)
                (call.output() + row * plan.inner).update(
                  from: call.input(0) + (row / plan.count * plan.length + place) * plan.inner, count: plan.inner)
              }
            }
          ]
        })))

  /// What was taken several times is added up, in the order of the indices.
  static let gradient: Op = Op(
    "tensor.scatter_add", doc: "Zeros of the given shape to which x is added at the places that indices names.",
    inputs: [Port("x", "tensor<f32>"), Port("indices", "tensor")], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("shape", .ints(.natural, counts: []), "The shape of the result."),
      Param("axis", .int(.natural), "The dimension."),
    ], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.attributes.ints("shape").map { Dim($0) })] },
    action: .numeric(
      Numeric(
        select: { site throws(Fault) in
          let plan = Plan(site.result.shape, site.attributes.int("axis"), site.operand(1))
          return [
            Choice("scatter", chunks: max(1, plan.outer)) { call in
              guard plan.outer > 0 else { return }
              let y = call.output() + call.chunk * plan.length * plan.inner
              y.update(repeating: 0, count: plan.length * plan.inner)
              for index in 0..<plan.count {
                let target = y + plan.place(call.operands[1], index) * plan.inner
                let source = call.input(0) + (call.chunk * plan.count + index) * plan.inner
                for element in 0..<plan.inner { target[element] += source[element] }
              }
            }
          ]
        })))

  private struct Plan: Sendable {
    let outer: Int
    let length: Int
    let inner: Int
    let count: Int
    let dtype: DType

    init(_ shape: [Int], _ axis: Int, _ indices: Concrete) {
      outer = shape[..<axis].reduce(1, *)
      length = shape[axis]
      inner = shape[(axis + 1)...].reduce(1, *)
      count = indices.count
      dtype = indices.dtype
    }

    func place(_ indices: UnsafeRawPointer, _ at: Int) -> Int {
      let index =
        switch dtype {
        case .i64: Int(indices.assumingMemoryBound(to: Int64.self)[at])
        case .i32: Int(indices.assumingMemoryBound(to: Int32.self)[at])
        default: Int(min(max(indices.assumingMemoryBound(to: Float.self)[at], -1e9), 1e9))
        }
      return min(max(index < 0 ? index + length : index, 0), length - 1)
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Gather.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(Gather.gradient, $0) }
