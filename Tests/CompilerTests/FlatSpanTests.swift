import Language
import Synchronization
import Tensors
import TestSupport
import Testing
import Workers

@testable import Compiler

@Suite struct FlatSpanTests {
  private static let count = 100_000

  /// Element by element: x * 1.25 + 1, or x - y / 2; with `isFlat` this is said to the compiler.
  private static func ops(isFlat: Bool) -> Registry {
    func op(_ name: String, _ ports: [String], _ body: @escaping @Sendable (KernelCall, Int) -> Float) -> Op {
      Op(
        name, doc: "Element by element.", inputs: ports.map { Port($0, "tensor<f32>") },
        outputs: [Port("z", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("x")] },
        action: .numeric(
          Numeric { site throws(Fault) in
            let cut = Chunking.flat(site.result.count)
            return [
              Choice(
                "flat", chunks: cut.chunks, inPlace: ports.indices.map { ($0, 0) }, flat: isFlat ? cut : nil
              ) { call in for index in cut.range(call.chunk) { call.output()[index] = body(call, index) } }
            ]
          }))
    }
    return Registry([
      op("test.stretch", ["x"]) { $0.input(0)[$1] * 1.25 + 1 },
      op("test.blend", ["x", "y"]) { $0.input(0)[$1] - $0.input(1)[$1] / 2 },
      Op(
        "test.turn", doc: "The elements in reverse order, which is not element by element.",
        inputs: [Port("x", "tensor<f32>")], outputs: [Port("z", "tensor<f32>")],
        infer: { facts throws(Fault) in [facts.type("x")] },
        action: .numeric(
          Numeric { site throws(Fault) in
            let count = site.result.count
            return [
              Choice("turn") { call in
                for index in 0..<count { call.output()[index] = call.input(0)[count - 1 - index] }
              }
            ]
          })),
    ])
  }

  /// Forty steps drawn at random, which read any values before them, with two of the results wanted.
  private static func compile(isFlat: Bool, width: Int, seed: UInt64) throws -> Program {
    var random = TestRandom(seed: seed)
    let registry = ops(isFlat: isFlat)
    var emitter = Emitter(registry: registry)
    var values = [emitter.input(.f32([Dim(count)])), emitter.input(.f32([Dim(count)]))]
    func drawn() -> ValueID { values[max(0, values.count - 1 - Int.random(in: 0...4, using: &random))] }
    for step in 0..<40 {
      values.append(
        step % 13 == 12
          ? try emitter.emit("test.turn", drawn())
          : step % 3 == 0 ? try emitter.emit("test.stretch", drawn()) : try emitter.emit("test.blend", drawn(), drawn())
      )
    }
    emitter.setOutputs([values[20], values[41]])
    return try #require(
      try Compiler(registry: registry, team: Team(width: width)).compile(emitter.region, Demand()) as? Program)
  }

  private static let inputs = [
    Tensor(shape: [count], (0..<count).map { Float($0 % 97) / 7 }),
    Tensor(shape: [count], (0..<count).map { Float($0 % 89) / 11 }),
  ]

  @Test(arguments: [1, 2, 4]) func bitsAreThoseOfStepAfterStep(width: Int) throws {
    for seed in 1...UInt64(6) {
      let expected = try Self.compile(isFlat: false, width: 1, seed: seed).run(Self.inputs)
      let program = try Self.compile(isFlat: true, width: width, seed: seed)
      for _ in 0..<3 { #expect(program.run(Self.inputs) == expected) }
      #expect(program.run(Self.inputs, RunContext(observer: Watcher())) == expected)
    }
  }

  @Test func memoryIsThatOfStepAfterStep() throws {
    for seed in 1...UInt64(6) {
      let bytes = try [false, true].map { try Self.compile(isFlat: $0, width: 1, seed: seed).workspaceBytes }
      #expect(bytes[1] <= bytes[0])
    }
    let spans = [0..<2, 3..<5, 6..<9]
    #expect(FlatSpan.affordable(spans, least: 10) { _ in 10 } == spans)
    #expect(FlatSpan.affordable(spans, least: 10) { $0.contains(3..<5) ? 11 : 10 } == [0..<2, 6..<9])
  }

  @Test func stepsAreDoneToAChunkBeforeTheNext() throws {
    let order = Mutex<[Int]>([])
    func op(_ number: Int) -> Op {
      Op(
        "test.step\(number)", doc: "Says which step it is.", inputs: [Port("x", "tensor<f32>")],
        outputs: [Port("z", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("x")] },
        action: .numeric(
          Numeric { site throws(Fault) in
            [
              Choice("flat", flat: .flat(site.result.count)) { call in
                order.withLock { $0.append(10 * call.chunk + number) }
              }
            ]
          }))
    }
    let registry = Registry([op(0), op(1), op(2)])
    var emitter = Emitter(registry: registry)
    var value = emitter.input(.f32([Dim(Self.count)]))
    for number in 0..<3 { value = try emitter.emit("test.step\(number)", value) }
    emitter.setOutputs([value])
    let program = try Compiler(registry: registry, team: Team(width: 1)).compile(emitter.region, Demand())
    _ = program.run([Self.inputs[0]])
    let chunks = Chunking.flat(Self.count).chunks
    #expect(chunks == 7)
    #expect(order.withLock { $0 } == (0..<chunks).flatMap { chunk in (0..<3).map { 10 * chunk + $0 } })
  }

  @Test func anObserverSeesWholeSteps() throws {
    let watcher = Watcher()
    _ = try Self.compile(isFlat: true, width: 2, seed: 1).run(Self.inputs, RunContext(observer: watcher))
    let seen = watcher.shapes.withLock { $0 }
    #expect(seen.count > 20 && seen.allSatisfy { $0 == [Self.count] })
  }

  private final class Watcher: RunObserver {
    let shapes = Mutex<[[Int]]>([])
    func finished(_ event: NodeEvent) {
      let shape = event.results[0].0.shape
      shapes.withLock { $0.append(shape) }
    }
  }
}
