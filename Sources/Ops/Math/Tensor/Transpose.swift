import Kernels
import Language
import Tensors

/// Dimensions in another order.
public enum Transpose {
  public static let op: Op = Op(
    "tensor.transpose", doc: "Puts the dimensions in another order; without one, reverses them.",
    inputs: Movement.inputs, outputs: Movement.outputs,
    params: [
      Param("order", .ints(.all, counts: []), default: .null, "For each dimension of the result, the one of x.")
    ],
    infer: { facts throws(Fault) in
      guard let shape = facts.shape("x") else { return [Movement.type(facts, nil)] }
      let order = try order(facts.attributes, rank: shape.count)
      return [Movement.type(facts, order.map { shape[$0] }, facts.tensor("x").meaning.rearranged(order))]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let order = try order(adjoint.attributes, rank: emitter.shape(adjoint.operands[0]).count)
          let inverse = order.indices.map { order.firstIndex(of: $0)! }
          return [try emitter.use(op, adjoint.cotangent, attributes: ["order": .ints(inverse)])]
        },
        batch: BatchRule {
          $0.hasStackedFirst && $0.attributes.optionalInts("order")?.first == 0 ? $0.attributes : nil
        },
        select: { site throws(Fault) in
          let shape = site.operand(0).shape
          let strides = Movement.strides(shape)
          let order = try order(site.attributes, rank: shape.count)
          return [Movement.strided("transpose", site, strides: order.map { strides[$0] })] + channelsLast(site, order)
        })))

  /// The channels of each place lie beside each other in blocks: out of them nothing is to be transposed.
  private static func channelsLast(_ site: Site, _ order: [Int]) -> [Choice] {
    let type = site.operand(0)
    guard order == [0, 2, 3, 1], type.dtype == .f32, type.shape[2] * type.shape[3] > 1, site.result.count > 0 else {
      return []
    }
    let conversion = Blocked.Conversion(type.shape)
    return [
      Choice(
        "channels-last", operandLayouts: [.blocked], resultLayouts: [.rowMajor], chunks: conversion.chunks,
        seconds: Double(type.byteCount) / 16e9, images: Images(count: type.shape[0], operands: [0])
      ) { call in conversion.toChannelsLast(chunk: call.chunk, x: call.input(0), y: call.output()) }
    ]
  }

  private static func order(_ attributes: Attributes, rank: Int) throws(Fault) -> [Int] {
    guard let given = attributes.optionalInts("order") else { return Array((0..<rank).reversed()) }
    guard given.count == rank else { throw .countOfParam("order", given.count, "dimensions", rank) }
    var order: [Int] = []
    for axis in given {
      let index = try Axes.resolve(axis, rank: rank, param: "order")
      if order.contains(index) { throw .axisTwice("order", axis) }
      order.append(index)
    }
    return order
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Transpose.op, $0) }
