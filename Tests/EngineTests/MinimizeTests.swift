import Engine
import Foundation
import Graph
import Language
import Tensors
import TestSupport
import Testing
import Workers

@Suite struct MinimizeTests {
  static func graph(steps: Int, every: Int? = nil, lr: Double = 0.1, stop: Int = 0, change: Double? = nil) -> FlatGraph
  {
    let body = GraphBuilder.build {
      let x = $0.input("x")
      let goal = $0.input("goal")
      let still = $0.node("still", "toy.scale", [[goal]], ["by": .float(-1)])
      let gap = $0.node("gap", "toy.add", [[x, still]])
      $0.output("loss", $0.node("loss", "toy.sum", [[gap]]))
    }
    return GraphBuilder.build {
      let goal = $0.node("goal", "toy.constant", [], ["value": .float(0.25)])
      let start = $0.node("start", "toy.constant", [], ["value": .float(2)])
      let plan = FlatGraph.LoopPlan(
        steps: steps, relativeChange: change, keep: [("loss", .all)], checkpointEvery: every, saveEvery: 5)
      let results = $0.node(
        "paint", "toy.descend", [], ["lr": .float(lr), "stop": .int(stop)], ports: ["x", "loss", "log"],
        structure: .minimize(
          .init(graph: body, bindings: [.wrt(0), .shared(goal)]), validation: nil,
          wrt: [.init(name: "x", start: start)], states: [],
          loss: "loss", plan))
      $0.output("x", results[0])
      $0.output("loss", results[1])
      $0.output("log", results[2])
    }
  }

  static func table(_ result: RunResult) -> Table? {
    if case .table(let table)? = result.outputs["log"] { return table }
    return nil
  }

  @Test func logKeptValuesAndResultComeOut() throws {
    let recorder = Recorder()
    let result = EngineTests.engine().runAndWait(Self.graph(steps: 20), inputs: [:], observer: recorder)
    #expect(result.fault == nil)
    let table = try #require(Self.table(result))
    #expect(table.columns == ["loss", "speed"])
    #expect(table.rows.count == 20)
    #expect(table.rows[0][0] == 7)
    #expect(result.outputs["loss"]?.numbers == [4, 9, 14, 19].map { Float(table.rows[$0][0]) })
    #expect(recorder.ran.filter { $0.hasPrefix("paint/") } == ["paint/still"])
    #expect(recorder.steps.last?.of == 20)
  }

  /// Cancels a run at a step.
  final class Stopper: EngineObserver {
    let cancel = CancelToken()
    let limit: Int
    init(_ limit: Int) { self.limit = limit }
    func happened(_ event: EngineEvent) {
      if case .step(let step) = event, step.step == limit { cancel.cancel() }
    }
  }

  @Test(arguments: [1, 7, 19]) func anInterruptedRunResumesExactly(at step: Int) {
    let whole = EngineTests.engine().runAndWait(Self.graph(steps: 20), inputs: [:])
    let engine = EngineTests.engine()
    let stopper = Stopper(step)
    let broken = engine.runAndWait(Self.graph(steps: 20), inputs: [:], observer: stopper, cancel: stopper.cancel)
    #expect(broken.isCancelled)
    let recorder = Recorder()
    let resumed = engine.runAndWait(Self.graph(steps: 20), inputs: [:], observer: recorder)
    #expect(recorder.steps.map(\.step) == Array(step + 1...20))
    #expect(resumed.outputs["x"]?.numbers == whole.outputs["x"]?.numbers)
    #expect(resumed.outputs["loss"]?.numbers == whole.outputs["loss"]?.numbers)
    #expect(Self.table(resumed) == Self.table(whole))
  }

  @Test func moreStepsContinueAndAnotherRateStartsOver() {
    let engine = EngineTests.engine()
    _ = engine.runAndWait(Self.graph(steps: 10), inputs: [:])
    let recorder = Recorder()
    let longer = engine.runAndWait(Self.graph(steps: 15), inputs: [:], observer: recorder)
    #expect(recorder.steps.map(\.step) == Array(11...15))
    let whole = EngineTests.engine().runAndWait(Self.graph(steps: 15), inputs: [:])
    #expect(longer.outputs["x"]?.numbers == whole.outputs["x"]?.numbers)
    #expect(engine.runAndWait(Self.graph(steps: 15), inputs: [:]).ran == 0)
    let other = Recorder()
    _ = engine.runAndWait(Self.graph(steps: 15, lr: 0.2), inputs: [:], observer: other)
    #expect(other.steps.map(\.step) == Array(1...15))
  }

  @Test func itStopsWhenTheMethodOrThePlanSaysSo() {
    let engine = EngineTests.engine()
    #expect(Self.table(engine.runAndWait(Self.graph(steps: 20, stop: 6), inputs: [:]))?.rows.count == 6)
    let longer = Recorder()
    _ = engine.runAndWait(Self.graph(steps: 30, stop: 6), inputs: [:], observer: longer)
    #expect(longer.steps.isEmpty)
    let plain = EngineTests.engine().runAndWait(Self.graph(steps: 200, change: 0.5), inputs: [:])
    #expect((Self.table(plain)?.rows.count ?? 0) < 200)
  }

  @Test func theStateSurvivesOnDisk() {
    let folder = Assets.temporaryFolder()
    defer { Assets.remove(folder) }
    let stopper = Stopper(8)
    _ = EngineTests.engine(2, ResultStore(folder: folder.path)).runAndWait(
      Self.graph(steps: 20, every: 3), inputs: [:], observer: stopper, cancel: stopper.cancel)
    let recorder = Recorder()
    let resumed = EngineTests.engine(2, ResultStore(folder: folder.path)).runAndWait(
      Self.graph(steps: 20, every: 3), inputs: [:], observer: recorder)
    #expect(recorder.steps.map(\.step) == Array(9...20))
    let whole = EngineTests.engine().runAndWait(Self.graph(steps: 20), inputs: [:])
    #expect(resumed.outputs["x"]?.numbers == whole.outputs["x"]?.numbers)
    #expect(Self.table(resumed) == Self.table(whole))
  }
}
