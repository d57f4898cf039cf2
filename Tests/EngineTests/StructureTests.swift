import Dispatch
import Engine
import Graph
import Language
import Synchronization
import Tensors
import TestSupport
import Testing
import Workers

/// Maps, branches and loops.
@Suite struct StructureTests {
  static let engine = EngineTests.engine

  /// `join(map(range(count)))` with a body made by `body` from the item and a shared value.
  static func map(
    count: Int, policy: FlatGraph.Policy = .init(),
    _ body: (inout GraphBuilder, FlatGraph.Operand, FlatGraph.Operand) -> FlatGraph.Operand
  ) -> FlatGraph {
    let inner = GraphBuilder.build {
      let item = $0.input("x")
      let other = $0.input("other")
      $0.output("y", body(&$0, item, other))
    }
    return GraphBuilder.build {
      let list = $0.node("items", "toy.range", [], ["count": .int(count)])
      let ten = $0.node("ten", "toy.constant", [], ["value": .float(10), "size": .int(1)])
      let mapped = $0.node(
        "each", "toy.map", [], ports: ["y"], policy: policy,
        structure: .map(.init(graph: inner, bindings: [.each(list), .shared(ten)])))[0]
      $0.output("y", $0.node("all", "toy.join", [[mapped]]))
    }
  }

  @Test(arguments: 1...8) func aMapKeepsOrder(width: Int) {
    let graph = Self.map(count: 50) { $0.node("sum", "toy.add", [[$1, $2]]) }
    for usesCache in [false, true] {
      let result = EngineTests.engine(width).runAndWait(
        graph, inputs: [:], options: RunOptions(usesCache: usesCache))
      #expect(result.fault == nil)
      #expect(result.outputs["y"]?.numbers == (0..<50).map { Float($0) + 10 })
      #expect(result.ran == 4 + 50)
    }
  }

  @Test func failedItemsFailSkipOrLeaveGaps() {
    func run(_ onError: FlatGraph.Policy.OnError) -> RunResult {
      let graph = Self.map(count: 5, policy: .init(onError: onError)) { builder, item, _ in
        builder.node("check", "toy.fail", [[item]], ["limit": .float(3)], line: 3)
      }
      return EngineTests.engine().runAndWait(graph, inputs: [:])
    }
    #expect(run(.skip).outputs["y"]?.numbers == [0, 1, 2])
    #expect(run(.null).outputs["y"]?.numbers == [0, 1, 2])
    #expect(
      run(.fail).fault?.text == """
        g.json:3:1: error[run]: too large
           in node each[3]/check (op toy.fail)
           item each[3]
           in node each (op toy.map)
        """)
  }

  @Test func zipsNeedEqualLengths() {
    let inner = GraphBuilder.build {
      let a = $0.input("a")
      let b = $0.input("b")
      $0.output("y", $0.node("sum", "toy.add", [[a, b]]))
    }
    let graph = GraphBuilder.build {
      let a = $0.node("three", "toy.range", [], ["count": .int(3)])
      let b = $0.node("four", "toy.range", [], ["count": .int(4)])
      $0.output(
        "y",
        $0.node(
          "each", "toy.map", [], ports: ["y"],
          structure: .map(.init(graph: inner, bindings: [.each(a), .each(b)])))[0])
    }
    #expect(
      EngineTests.engine().runAndWait(graph, inputs: [:]).fault?.message
        == "lists that are walked together differ in length: \"a\" has 3, \"b\" has 4")
  }

  @Test func aNewItemRedoesOnlyItself() {
    let engine = EngineTests.engine()
    func graph(_ count: Int) -> FlatGraph {
      Self.map(count: count) { builder, item, _ in
        builder.node("kept", "toy.shift", [[item]], ["by": .float(1)], policy: .init(cache: .keep))
      }
    }
    _ = engine.runAndWait(graph(4), inputs: [:])
    let recorder = Recorder()
    let result = engine.runAndWait(graph(5), inputs: [:], observer: recorder)
    #expect(result.outputs["y"]?.numbers == [1, 2, 3, 4, 5])
    #expect(recorder.ran.filter { $0.hasSuffix("kept") } == ["each[4]/kept"])
  }

  @Test func manyItemsAreStartedOneByOne() {
    func graph(_ count: Int) -> FlatGraph {
      Self.map(count: count) { builder, item, _ in
        builder.node("one", "toy.pick", [[.list([item])]], ["index": .int(0)])
      }
    }
    let many = graph(100_000)
    let (planned, plan) = ProcessorTime.ofThread { try? EngineTests.engine().plan(many, inputs: [:]) }
    #expect(plan != nil && planned < 1)
    let result = EngineTests.engine().runAndWait(
      graph(20_000), inputs: [:], options: RunOptions(usesCache: false))
    #expect(result.outputs["y"]?.numbers.count == 20_000)
    #expect(result.outputs["y"]?.numbers.last == 19_999)
  }

  @Test(arguments: [true, false]) func aBranchRunsOneBodyOnly(flag: Bool) {
    func body(_ name: String) -> FlatGraph {
      GraphBuilder.build {
        let x = $0.input("x")
        $0.output("y", $0.node(name, "toy.shift", [[x]], ["by": .float(name == "yes" ? 1 : -1)]))
      }
    }
    let graph = GraphBuilder.build {
      let flag = $0.input("flag", .bool)
      let left = $0.node("left", "toy.constant")
      let right = $0.node("right", "toy.constant", [], ["value": .float(5)])
      $0.output(
        "y",
        $0.node(
          "choice", "core.if", [], ports: ["y"],
          structure: .branch(
            condition: flag, then: .init(graph: body("yes"), bindings: [.shared(left)]),
            otherwise: .init(graph: body("no"), bindings: [.shared(right)])))[0])
    }
    for usesCache in [false, true] {
      let recorder = Recorder()
      let result = EngineTests.engine().runAndWait(
        graph, inputs: ["flag": .bool(flag)], options: RunOptions(usesCache: usesCache), observer: recorder)
      #expect(result.outputs["y"]?.numbers == Array(repeating: flag ? 2 : 4, count: 4))
      #expect(recorder.ran == ["choice"] + (flag ? ["choice/yes", "left"] : ["choice/no", "right"]))
    }
  }

  /// x → 2x each round, keeping every second x.
  static func doubling(steps: Int?, condition: String? = nil) -> FlatGraph {
    let body = GraphBuilder.build {
      let x = $0.input("x")
      let twice = $0.node("twice", "toy.scale", [[x]])
      $0.output("x", twice)
      $0.output("total", $0.node("total", "toy.sum", [[twice]]))
      $0.output("flag", .constant(.bool(true)))
    }
    return GraphBuilder.build {
      let start = $0.node("start", "toy.constant", [], ["size": .int(2)])
      let plan = FlatGraph.LoopPlan(
        steps: steps, condition: condition, keep: [("total", .all)], checkpointEvery: 3, saveEvery: 2)
      let results = $0.node(
        "grow", "core.loop", [], ports: ["x", "total"],
        structure: .loop(.init(graph: body, bindings: [.state(0)]), states: [.init(name: "x", start: start)], plan))
      $0.output("x", results[0])
      $0.output("total", results[1])
    }
  }

  @Test func aLoopCarriesStatesAndKeepsValues() {
    for usesCache in [false, true] {
      let result = EngineTests.engine().runAndWait(
        Self.doubling(steps: 6), inputs: [:], options: RunOptions(usesCache: usesCache))
      #expect(result.fault == nil)
      #expect(result.outputs["x"]?.numbers == [64, 64])
      #expect(result.outputs["total"]?.numbers == [8, 32, 128])
    }
    #expect(EngineTests.engine().runAndWait(Self.doubling(steps: nil), inputs: [:]).fault?.code == "until")
    let once = EngineTests.engine().runAndWait(Self.doubling(steps: 9, condition: "flag"), inputs: [:])
    #expect(once.outputs["x"]?.numbers == [2, 2])
  }

  @Test func moreStepsContinueALoop() {
    let engine = EngineTests.engine()
    _ = engine.runAndWait(Self.doubling(steps: 4), inputs: [:])
    let recorder = Recorder()
    let result = engine.runAndWait(Self.doubling(steps: 7), inputs: [:], observer: recorder)
    #expect(recorder.steps.map(\.step) == [5, 6, 7])
    #expect(result.outputs["x"]?.numbers == [128, 128])
    #expect(result.outputs["total"]?.numbers == [8, 32, 128])
    let again = engine.runAndWait(Self.doubling(steps: 7), inputs: [:])
    #expect(again.ran == 0)
  }

  @Test func aKeptStateHasAPortBesideItsFinalValue() {
    let body = GraphBuilder.build {
      let x = $0.input("x")
      $0.output("x", $0.node("twice", "toy.scale", [[x]]))
    }
    let graph = GraphBuilder.build {
      let start = $0.node("start", "toy.constant", [], ["size": .int(1)])
      let results = $0.node(
        "grow", "core.loop", [], ports: ["x", "x.all"],
        structure: .loop(
          .init(graph: body, bindings: [.state(0)]), states: [.init(name: "x", start: start)],
          .init(steps: 3, keep: [("x", .all), ("x", .last)])))
      $0.output("final", results[0])
      $0.output("all", results[1])
    }
    let result = EngineTests.engine().runAndWait(graph, inputs: [:])
    #expect(result.outputs["final"]?.numbers == [8])
    #expect(result.outputs["all"]?.numbers == [2, 4, 8])
  }

  @Test func whatTheChosenBodyDoesNotGiveIsAbsent() {
    func body(_ output: String) -> FlatGraph { GraphBuilder.build { $0.output(output, .constant(.int(1))) } }
    let graph = GraphBuilder.build {
      let flag = $0.input("flag", .bool)
      let results = $0.node(
        "choice", "core.if", [], ports: ["a", "b"],
        structure: .branch(
          condition: flag, then: .init(graph: body("a"), bindings: []), otherwise: .init(graph: body("b"), bindings: [])
        ))
      $0.output("a", results[0])
      $0.output("b", results[1])
    }
    let result = EngineTests.engine().runAndWait(graph, inputs: ["flag": .bool(false)])
    #expect(result.outputs["a"]?.isNone == true)
    #expect(result.outputs["b"]?.isNone == false)
  }

  /// Tells when a failure has been reported.
  private final class FailureWatch: EngineObserver {
    let failed = DispatchSemaphore(value: 0)
    let ran = Atomic<Int>(0)

    func happened(_ event: EngineEvent) {
      if case .finished = event { ran.add(1, ordering: .relaxed) }
      if case .failed = event { failed.signal() }
    }
  }

  /// Something fails elsewhere while a map is in its first item: that item is let finish, no other one starts. The item
  /// and the failure wait for each other, so that no order of threads can make it come out otherwise.
  @Test func aFaultElsewhereStopsAMap() {
    let watch = FailureWatch()
    let started = DispatchSemaphore(value: 0)
    let item = ToyOps.host("toy.item", inputs: [Port("x", "any")]) { call throws(Fault) in
      started.signal()
      watch.failed.wait()
      return [call.value("x")!]
    }
    let bad = ToyOps.host("toy.bad", inputs: [Port("x", "any")]) { _ throws(Fault) in
      started.wait()
      throw .failed("no good")
    }
    let registry = Registry(ToyOps.all + [item, bad])
    let inner = GraphBuilder.build(registry) {
      let x = $0.input("x")
      $0.output("y", $0.node("one", "toy.item", [[x]]))
    }
    let graph = GraphBuilder.build(registry) {
      let list = $0.node("items", "toy.range", [], ["count": .int(100)])
      let mapped = $0.node(
        "each", "toy.map", [], ports: ["y"], policy: .init(inflight: 1),
        structure: .map(.init(graph: inner, bindings: [.each(list)])))[0]
      $0.output("y", mapped)
      $0.output("bad", $0.node("bad", "toy.bad", [[$0.node("first", "toy.constant")]]))
    }
    let engine = Engine(registry: registry, compiler: NaiveCompiler(), store: ResultStore(), width: 2)
    let result = engine.runAndWait(graph, inputs: [:], options: RunOptions(usesCache: false), observer: watch)
    #expect(result.fault?.message == "no good")
    // The list, the constant and one item.
    #expect(watch.ran.load(ordering: .relaxed) == 3)
  }
}
