import Engine
import Graph
import Language
import Tensors
import TestSupport
import Testing

/// Random numeric nodes that run in one program draw numbers of their own.
@Suite struct RandomPositionTests {
  /// y = x + a number made of the node's seed.
  static let jitter = Op(
    "toy.jitter", doc: "A toy.", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    params: [Param("scale", .number(.all), default: .float(1), "factor")], isRandom: true,
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric { site throws(Fault) in
        let count = site.result.count
        let scale = Float(site.attributes.number("scale"))
        return [
          Choice("naive") { call in
            for index in 0..<count {
              call.output()[index] = call.input(0)[index] + scale * Float(call.seed % 1_000_003)
            }
          }
        ]
      }))
  static let registry = Registry(ToyOps.all + [jitter])

  struct Use {
    var name: String
    var stream: String?
    var scale = 1.0
  }

  /// One output per use of the op, all in one component.
  private static func numbers(
    _ uses: [Use], seed: UInt64 = 1, only: String? = nil, engine: Engine? = nil, usesCache: Bool = false
  ) -> [String: Float] {
    let graph = GraphBuilder.build(registry) {
      let x = $0.node("x", "toy.constant", [], ["size": .int(1)])
      for use in uses {
        let drawn = $0.node(
          use.name, "toy.jitter", [[x]], ["scale": .float(use.scale)], policy: .init(stream: use.stream))
        $0.output(use.name, $0.node("\(use.name)-after", "toy.scale", [[drawn]], ["by": .float(1)]))
      }
    }
    let own = engine ?? Engine(registry: registry, compiler: NaiveCompiler(), store: ResultStore(), width: 2)
    let result = own.runAndWait(
      graph, inputs: [:],
      options: RunOptions(target: only.map { .outputs([$0]) } ?? .all, seed: seed, usesCache: usesCache))
    return result.outputs.compactMapValues(\.numbers.first)
  }

  @Test func streamsAndSettingsTellNodesApart() {
    let found = Self.numbers([
      Use(name: "a"), Use(name: "b", stream: "b"), Use(name: "c", scale: 2), Use(name: "same"),
    ])
    #expect(found["a"] != found["b"])
    // Twice the same number would be a shared seed.
    #expect(found["c"].map { $0 - 1 } != found["a"].map { 2 * ($0 - 1) })
    #expect(found["same"] == found["a"])
    #expect(Self.numbers([Use(name: "a")], seed: 2)["a"] != found["a"])
  }

  @Test func neitherNamesNorCompanyNorTheCacheMatter() {
    let uses = [Use(name: "a"), Use(name: "b", stream: "b"), Use(name: "c", scale: 2)]
    let found = Self.numbers(uses)
    #expect(Self.numbers([Use(name: "z", scale: 2)])["z"] == found["c"])
    for use in uses { #expect(Self.numbers(uses, only: use.name) == [use.name: found[use.name]!]) }
    let engine = Engine(registry: Self.registry, compiler: NaiveCompiler(), store: ResultStore(), width: 1)
    #expect(Self.numbers(Array(uses.prefix(1)), engine: engine, usesCache: true)["a"] == found["a"])
    #expect(Self.numbers(uses, engine: engine, usesCache: true) == found)
  }
}
