import Language
import Tensors

/// A handful of numeric ops, plain enough to be their own reference: elementwise on f32 of one shape, some of them in
/// place, in chunks, with scratch or with two results.
public enum ArithmeticOps {
  public static let all: [Op] = [add, multiply, shift, swap, scratch, total, floor, MathAdd.op]
  public static let registry = Registry(all)

  /// a + b; may write over a or b.
  public static let add = binary("test.add", [(0, 0), (1, 0)]) {
    $0 + $1
  } gradient: {
    (_, a) throws(Fault) in
    [a.cotangent, a.cotangent]
  }

  /// a · b.
  public static let multiply = binary("test.multiply", []) {
    $0 * $1
  } gradient: {
    (e, a) throws(Fault) in
    var cotangents: [ValueID?] = []
    for other in [1, 0] { cotangents.append(try e.emit("test.multiply", a.cotangent, a.operands[other])) }
    return cotangents
  }

  /// x + by, in chunks of three elements, in place.
  public static let shift = Op(
    "test.shift", doc: "Adds a number.", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    params: [Param("by", .number(.all), default: .float(1), "what is added")],
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(
        gradient: { (_, a) throws(Fault) in [a.cotangent] },
        select: { site throws(Fault) in
          let count = site.operand(0).count
          let by = Float(site.attributes.number("by"))
          return [
            Choice("chunked", operations: Double(count), chunks: max(1, (count + 2) / 3), inPlace: [(0, 0)]) { call in
              for index in call.chunk * 3..<min(count, call.chunk * 3 + 3) {
                call.output()[index] = call.input(0)[index] + by
              }
            }
          ]
        })))

  /// (a, b) gives (b, a + b); offers to write both results over a, which only one may do.
  public static let swap = Op(
    "test.swap", doc: "Two results.", inputs: [Port("a", "tensor<f32>"), Port("b", "tensor<f32>")],
    outputs: [Port("x", "tensor<f32>"), Port("y", "tensor<f32>")],
    infer: { facts throws(Fault) in [facts.type("b"), facts.type("a")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.operand(0).count
        return [
          Choice("swap", inPlace: [(0, 0), (0, 1)]) { call in
            for index in 0..<count {
              let (a, b) = (call.input(0)[index], call.input(1)[index])
              call.output(0)[index] = b
              call.output(1)[index] = a + b
            }
          }
        ]
      })))

  /// 2 · x by way of scratch memory, a chunk per element.
  public static let scratch = Op(
    "test.scratch", doc: "Doubles.", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        [
          Choice("scratch", scratch: 4096, chunks: max(1, site.operand(0).count)) { call in
            guard call.chunk < site.operand(0).count else { return }
            for index in 0..<1024 { call.workspace[index] = call.input(0)[call.chunk] }
            call.output()[call.chunk] = call.workspace[0] + call.workspace[1023]
          }
        ]
      })))

  /// Σ x.
  public static let total = Op(
    "test.total", doc: "Sum.", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>[]")],
    infer: { _ throws(Fault) in [.f32([])] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let zero = e.constant(.zeros(.f32, shape: e.region.concrete(a.operands[0]).shape))
          return [try e.emit(spread, [[zero], [a.cotangent]])[0]]
        },
        select: { site throws(Fault) in
          let count = site.operand(0).count
          return [
            Choice("total") { call in call.output()[0] = (0..<count).reduce(Float(0)) { $0 + call.input(0)[$1] } }
          ]
        })))

  /// ⌊x⌋, which has no gradient.
  public static let floor = Op(
    "test.floor", doc: "Rounds down.", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.operand(0).count
        return [
          Choice("floor") { call in
            for index in 0..<count { call.output()[index] = call.input(0)[index].rounded(.down) }
          }
        ]
      })))

  private static let spread = Op(
    "test.spread", doc: "x + a number.", inputs: [Port("x", "tensor<f32>"), Port("g", "tensor<f32>[]")],
    outputs: [Port("y", "tensor<f32>")], isInternal: true, infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.operand(0).count
        return [
          Choice("spread") { call in
            for index in 0..<count { call.output()[index] = call.input(0)[index] + call.input(1)[0] }
          }
        ]
      })))

  private static func binary(
    _ name: String, _ inPlace: [(operand: Int, result: Int)], _ function: @escaping @Sendable (Float, Float) -> Float,
    gradient: @escaping Numeric.Gradient
  ) -> Op {
    Op(
      name, doc: "Elementwise.", inputs: [Port("a", "tensor<f32>"), Port("b", "tensor<f32>")],
      outputs: [Port("y", "tensor<f32>")],
      infer: { facts throws(Fault) in
        guard facts.tensor("a").shape == facts.tensor("b").shape else {
          throw .shape("a and b differ: \(facts.type("a")) and \(facts.type("b"))")
        }
        return [facts.type("a")]
      },
      action: .numeric(
        Numeric(
          gradient: gradient,
          select: { site throws(Fault) in
            let count = site.operand(0).count
            return [
              Choice("plain", operations: Double(count), inPlace: inPlace) { call in
                for index in 0..<count {
                  call.output()[index] = function(call.input(0)[index], call.input(1)[index])
                }
              }
            ]
          })))
  }
}

/// The sum that the adjoint of a value used twice needs, under the name of the real op.
enum MathAdd {
  static let op = Op(
    "math.add", doc: "a + b", inputs: [Port("a", "tensor<f32>"), Port("b", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("a")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.operand(0).count
        return [
          Choice("add", inPlace: [(0, 0)]) { call in
            for index in 0..<count { call.output()[index] = call.input(0)[index] + call.input(1)[index] }
          }
        ]
      })))
}
