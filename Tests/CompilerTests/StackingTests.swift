import Language
import Tensors
import TestSupport
import Testing

@testable import Compiler

@Suite struct StackingTests {
  /// y[n, o] = Σ x[n, i] · w[o, i].
  static let rows = rows("test.rows", .first)
  /// The same with a rule that promises what it cannot keep: it says the items are along the leading dimension although
  /// the result is that of one item.
  static let liar = Op(
    "test.liar", doc: "A toy.", inputs: [Port("x", "tensor<f32>"), Port("w", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>[1]")], infer: { _ throws(Fault) in [.f32([1])] },
    action: .numeric(
      Numeric(batch: BatchRule { $0.attributes }) { _ throws(Fault) in
        [Choice("first") { call in call.output()[0] = call.input(0)[0] + call.input(1)[0] }]
      }))
  static let registry = Registry(ArithmeticOps.all + [rows, liar, rows("test.random_rows", .first, isRandom: true)])

  static func rows(_ name: String, _ rule: BatchRule, isRandom: Bool = false) -> Op {
    Op(
      name, doc: "A toy.", inputs: [Port("x", "tensor<f32>[N,I]"), Port("w", "tensor<f32>[O,I]")],
      outputs: [Port("y", "tensor<f32>[N,O]")], isRandom: isRandom,
      infer: { facts throws(Fault) in [.f32([facts.tensor("x").shape![0], facts.tensor("w").shape![0]])] },
      action: .numeric(
        Numeric(batch: rule) { site throws(Fault) in
          let (n, i, o) = (site.operand(0).shape[0], site.operand(0).shape[1], site.operand(1).shape[0])
          return [
            Choice("naive") { call in
              for row in 0..<n {
                for column in 0..<o {
                  var sum: Float = 0
                  for k in 0..<i { sum += call.input(0)[row * i + k] * call.input(1)[column * i + k] }
                  call.output()[row * o + column] = sum
                }
              }
            }
          ]
        }))
  }

  /// shift(x), then two layers whose weights are shift(w) and w, with a node between them that has no rule.
  static func region() throws -> Region {
    var emitter = Emitter(registry: registry)
    let (x, w) = (emitter.input(.f32([1, 3])), emitter.input(.f32([3, 3])))
    let moved = try emitter.emit("test.shift", x)
    let weights = try emitter.emit("test.shift", w)
    let first = try emitter.emit("test.rows", moved, weights)
    let between = try emitter.emit("test.shift", first, attributes: ["by": .float(-2)])
    let last = try emitter.emit("test.rows", between, w)
    emitter.setOutputs([last, moved])
    return emitter.region
  }

  @Test func nodesWithARuleRunOnceAndOthersPerItem() throws {
    let batch = Batch(count: 4, isShared: [false, true])
    let stacked = try Stacking.region(try Self.region(), batch, registry: Self.registry)
    func count(_ name: String) -> Int { stacked.nodes.count { $0.op.name == name } }
    #expect(count("test.rows") == 2)
    // Per item the first shift and the one between; the weights' once.
    #expect(count("test.shift") == 4 + 1 + 4)
    #expect(count("compiler.stack") == 2 && count("compiler.unstack") == 4 + 4)
    #expect(stacked.inputs.count == 5 && stacked.outputs.count == 8)
  }

  @Test(arguments: [1, 2, 3, 8]) func itemsComeOutAsAlone(count: Int) throws {
    let compiler = Compiler(registry: Self.registry)
    let region = try Self.region()
    var random = TestRandom(seed: 3)
    let weights = Tensor(shape: [3, 3], random.floats(9, in: -1...1))
    let items = (0..<count).map { _ in Tensor(shape: [1, 3], random.floats(3, in: -1...1)) }
    let alone = try compiler.compile(region, Demand())
    let together = try compiler.compile(
      region, Demand(batch: Batch(count: count, isShared: [false, true])))
    #expect(together.run(items + [weights]) == items.flatMap { alone.run([$0, weights]) })
    let allOwn = try compiler.compile(region, Demand(batch: Batch(count: count, isShared: [false, false])))
    #expect(allOwn.run(items + items.map { _ in weights }) == items.flatMap { alone.run([$0, weights]) })
  }

  @Test func aRuleThatPromisesTooMuchIsNotBelieved() throws {
    var emitter = Emitter(registry: Self.registry)
    let (x, w) = (emitter.input(.f32([1])), emitter.input(.f32([1, 2])))
    emitter.setOutputs([try emitter.emit("test.liar", x, w)])
    let program = try Compiler(registry: Self.registry).compile(
      emitter.region, Demand(batch: Batch(count: 2, isShared: [false, true])))
    let tensors = [[Float(1)], [2]].map { Tensor(shape: [1], $0) } + [Tensor(shape: [1, 2], [Float(10), 0])]
    #expect(program.run(tensors).map { $0.elements(Float.self) } == [[11], [12]])
  }

  @Test func itPaysWhereWeightsAreShared() throws {
    let region = try Self.region()
    #expect(Stacking.pays(region, isShared: [false, true]))
    #expect(!Stacking.pays(region, isShared: [false, false]))
    #expect(!Stacking.pays(region, isShared: [true, true]))
    var emitter = Emitter(registry: Self.registry, region: region)
    _ = try emitter.emit("test.random_rows", region.inputs[0], region.inputs[1])
    #expect(!Stacking.pays(emitter.region, isShared: [false, true]))
  }
}
