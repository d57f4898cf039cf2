import Engine
import Graph
import Language
import Tensors
import TestSupport
import Testing
import Workers

@Suite struct EngineTests {
  /// a → (scale, shift) → add → sum, and a second output.
  static func diamond(by: Double = 3, names: [String] = ["a", "big", "more", "both", "all"]) -> FlatGraph {
    GraphBuilder.build {
      let start = $0.node(names[0], "toy.constant", [], ["value": .float(2)])
      let big = $0.node(names[1], "toy.scale", [[start]], ["by": .float(by)])
      let more = $0.node(names[2], "toy.shift", [[start]], ["by": .float(10)])
      let both = $0.node(names[3], "toy.add", [[big, more]])
      let all = $0.node(names[4], "toy.sum", [[both]])
      $0.output("both", both)
      $0.output("all", all)
    }
  }

  static func engine(_ width: Int = 2, _ store: ResultStore = ResultStore()) -> Engine {
    Engine(registry: ToyOps.registry, compiler: NaiveCompiler(), store: store, width: width)
  }

  @Test(arguments: 1...8) func valuesAreMadeOnceWhateverTheWidth(width: Int) {
    let recorder = Recorder()
    let result = Self.engine(width).runAndWait(Self.diamond(), inputs: [:], observer: recorder)
    #expect(result.fault == nil)
    #expect(result.outputs["both"]?.numbers == [18, 18, 18, 18])
    #expect(result.outputs["all"]?.numbers == [72])
    #expect(recorder.ran == ["a", "all", "big", "both", "more"])
    #expect(result.ran == 5)
    #expect(result.cached == 0)
  }

  @Test func theSecondRunRunsNothing() {
    let engine = Self.engine()
    let first = engine.runAndWait(Self.diamond(), inputs: [:])
    let second = engine.runAndWait(Self.diamond(), inputs: [:])
    #expect(first.ran == 5)
    #expect(second.ran == 0)
    #expect(second.cached == 5)
    #expect(second.outputs["all"]?.numbers == [72])
  }

  @Test func namesDoNotCountButAttributesDo() {
    let engine = Self.engine()
    _ = engine.runAndWait(Self.diamond(), inputs: [:])
    let renamed = engine.runAndWait(Self.diamond(names: ["p", "q", "r", "s", "t"]), inputs: [:])
    #expect(renamed.ran == 0)
    let recorder = Recorder()
    let changed = engine.runAndWait(Self.diamond(by: 4), inputs: [:], observer: recorder)
    #expect(recorder.ran == ["a", "all", "big", "both", "more"].filter { recorder.ran.contains($0) })
    #expect(recorder.ran.contains("big"))
    #expect(changed.outputs["both"]?.numbers == [20, 20, 20, 20])
  }

  @Test func anEqualResultCutsOffWhatFollows() {
    func graph(_ by: Double) -> FlatGraph {
      GraphBuilder.build {
        let start = $0.node("a", "toy.constant", [], ["value": .float(2)])
        let floor = $0.node("floor", "toy.shift", [[start]], ["by": .float(by), "floor": .bool(true)])
        $0.output("y", $0.node("late", "toy.shift", [[floor]]))
      }
    }
    let engine = Self.engine()
    _ = engine.runAndWait(graph(0.25), inputs: [:])
    let recorder = Recorder()
    let second = engine.runAndWait(graph(0.5), inputs: [:], observer: recorder)
    #expect(second.outputs["y"]?.numbers == [3, 3, 3, 3])
    #expect(!recorder.ran.contains("late"))
    #expect(recorder.ran.contains("floor"))
  }

  @Test func onlyWhatIsWantedRuns() {
    let recorder = Recorder()
    let result = Self.engine().runAndWait(
      Self.diamond(), inputs: [:], options: RunOptions(target: .node("big")), observer: recorder)
    #expect(recorder.ran == ["a", "big"])
    #expect(result.outputs["y"]?.numbers == [6, 6, 6, 6])
  }

  @Test(arguments: 1...8) func afterAThrowNothingNewStartsAndFinishedWorkIsKept(width: Int) {
    let graph = GraphBuilder.build {
      let start = $0.node("a", "toy.constant")
      let bad = $0.node("bad", "toy.fail", [[start]], line: 7)
      let after = $0.node("after", "toy.shift", [[bad]])
      $0.output("y", after)
    }
    let engine = Self.engine(width)
    let recorder = Recorder()
    let result = engine.runAndWait(graph, inputs: [:], observer: recorder)
    #expect(recorder.ran == ["a"])
    #expect(result.outputs.isEmpty)
    #expect(
      result.fault?.text == """
        g.json:7:1: error[run]: too large
           in node bad (op toy.fail)
        """)
    // The engine is as usable as before.
    #expect(engine.runAndWait(Self.diamond(), inputs: [:]).fault == nil)
  }

  @Test func inputsAreChecked() {
    let graph = GraphBuilder.build { $0.output("y", $0.input("photo")) }
    let engine = Self.engine()
    #expect(engine.runAndWait(graph, inputs: [:]).fault?.message == "input \"photo\" is not given")
    #expect(
      engine.runAndWait(graph, inputs: ["phto": .none]).fault?.message
        .hasPrefix("the graph has no input \"phto\"") == true)
    #expect(engine.runAndWait(graph, inputs: ["photo": tensor(1)]).outputs["y"]?.numbers == [1])
  }

  @Test func shapesAreInferredAgainWithNumbers() {
    let graph = GraphBuilder.build {
      let a = $0.node("a", "toy.constant", [], ["size": .int(3)])
      let b = $0.node("b", "toy.constant", [], ["size": .int(4)])
      $0.output("y", $0.node("sum", "toy.add", [[a, b]], line: 5))
    }
    let fault = Self.engine().runAndWait(graph, inputs: [:]).fault
    #expect(
      fault?.text == """
        g.json:5:1: error[shape]: toy.add takes tensors of one shape
           in node sum (op toy.add)
        """)
  }

  @Test func aCancelledRunStops() {
    let cancel = CancelToken()
    cancel.cancel()
    let recorder = Recorder()
    let result = Self.engine().runAndWait(Self.diamond(), inputs: [:], observer: recorder, cancel: cancel)
    #expect(result.isCancelled)
    #expect(recorder.ran.isEmpty)
  }

  @Test func randomnessDependsOnSeedAndContentNotOnNames() {
    func graph(_ name: String, _ value: Double = 1) -> FlatGraph {
      GraphBuilder.build {
        let start = $0.node("a", "toy.constant", [], ["value": .float(value)])
        $0.output("y", $0.node(name, "toy.noise", [[start]]))
      }
    }
    func numbers(_ graph: FlatGraph, seed: UInt64, usesCache: Bool) -> [Float]? {
      Self.engine().runAndWait(graph, inputs: [:], options: RunOptions(seed: seed, usesCache: usesCache)).outputs["y"]?
        .numbers
    }
    let reference = numbers(graph("n"), seed: 1, usesCache: true)
    #expect(reference != nil)
    #expect(numbers(graph("m"), seed: 1, usesCache: true) == reference)
    #expect(numbers(graph("n"), seed: 1, usesCache: false) == reference)
    #expect(numbers(graph("n"), seed: 2, usesCache: true) != reference)
    #expect(numbers(graph("n", 5), seed: 1, usesCache: true) != reference)
  }

  @Test func aCheapNodeRunsOnlyWhenItsValueIsNeeded() {
    func graph(_ by: Double) -> FlatGraph {
      GraphBuilder.build {
        let list = $0.node("list", "toy.range", [], ["count": .int(3)])
        let one = $0.node("one", "toy.pick", [[list]], ["index": .int(2)])
        $0.output("y", $0.node("late", "toy.shift", [[one]], ["by": .float(by)]))
      }
    }
    let engine = Self.engine()
    #expect(engine.runAndWait(graph(1), inputs: [:]).outputs["y"]?.numbers == [3])
    let again = engine.runAndWait(graph(1), inputs: [:])
    #expect(again.ran == 0)
    #expect(engine.runAndWait(graph(2), inputs: [:]).outputs["y"]?.numbers == [4])
  }
}
