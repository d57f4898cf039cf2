import Dispatch
import Language
import Synchronization
import Tensors
import TestSupport
import Testing
import Workers

@testable import Compiler

@Suite struct ProgramTests {
  private final class Watcher: RunObserver {
    let seen = Mutex<[(String, [Float], Bool)]>([])

    func finished(_ event: NodeEvent) {
      let first = event.results.map { $0.bytes.assumingMemoryBound(to: Float.self)[0] }
      seen.withLock { $0.append((event.label, first, event.end >= event.start)) }
    }
  }

  @Test func runsAtTheSameTimeDoNotDisturbEachOther() throws {
    var random = TestRandom(seed: 2)
    let region = RegionInterpreter.random(nodes: 20, count: 64, using: &random)
    let program = try Compiler(registry: ArithmeticOps.registry, team: Team(width: 3)).compile(region, Demand())
    let jobs = (0..<64).map { _ in
      region.inputs.map { _ in Tensor(shape: [64], random.floats(64)) }
    }
    let expected = try jobs.map { try RegionInterpreter.run(region, $0) }
    let wrong = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
      if program.run(jobs[index]) != expected[index] { wrong.add(1, ordering: .relaxed) }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test func theObserverSeesEveryNodeInOrder() throws {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let x = emitter.input(.f32([3]))
    emitter.label = "a"
    let a = try emitter.emit("test.shift", x)
    emitter.label = "b"
    emitter.setOutputs([try emitter.emit("test.total", a)])
    let program = try Compiler(registry: ArithmeticOps.registry).compile(emitter.region, Demand())
    let watcher = Watcher()
    _ = program.run([Tensor(shape: [3], [Float(1), 2, 3])], RunContext(observer: watcher))
    let seen = watcher.seen.withLock { $0 }
    #expect(seen.map(\.0) == ["a", "b"] && seen.map(\.1) == [[2], [9]] && seen.allSatisfy(\.2))
    #expect(program.operations == 3)
  }
}
