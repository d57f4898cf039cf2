import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct OnnxControlFlowTests {
  private func flag(_ value: Bool) -> Tensor { OnnxLoop.flag(value) }

  /// y = condition ? x + x : -x, the branches reading x from around them.
  private func choice(_ condition: Tensor?) -> [UInt8] {
    let then = OnnxBytes.graph([.node("Add", ["x", "x"], ["a"])], outputs: [.value("a")])
    let otherwise = OnnxBytes.graph([.node("Neg", ["x"], ["b"])], outputs: [.value("b")])
    let node = OnnxBytes.node(
      "If", ["c"], ["y"], [("then_branch", .graph(then)), ("else_branch", .graph(otherwise))])
    return OnnxBytes.model(
      OnnxBytes.graph(
        [node],
        inputs: [.value("x", .f32, ["2"])] + (condition == nil ? [.value("c", .bool, [])] : []),
        outputs: [.value("y")], initializers: condition.map { [("c", $0)] } ?? []))
  }

  @Test func ifPicksABranch() throws {
    let x = Tensor(shape: [2], [1, -3] as [Float])
    for (value, expected) in [(true, [2, -6]), (false, [-1, 3])] as [(Bool, [Float])] {
      #expect(try OnnxRunner.run(choice(flag(value)), ["x": x])["y"] == Tensor(shape: [2], expected))
      #expect(try OnnxRunner.run(choice(nil), ["x": x, "c": flag(value)])["y"] == Tensor(shape: [2], expected))
    }
    // A condition that is known leaves no branch.
    #expect(OnnxRunner.check(choice(flag(true))).graph.nodes.map(\.op.name) == ["math.add"])
  }

  /// Doubles a state until it exceeds a limit, collecting every value.
  private func doubling(rounds: Int?) -> [UInt8] {
    let body = OnnxBytes.graph(
      [
        .node("Add", ["s", "s"], ["next"]), .node("ReduceMax", ["next"], ["largest"], [("keepdims", .int(0))]),
        .node("Less", ["largest", "limit"], ["on"]), .node("Identity", ["next"], ["item"]),
      ], inputs: [.value("i", .i64, []), .value("go", .bool, []), .value("s", .f32, ["2"])],
      outputs: [.value("on", .bool, []), .value("next"), .value("item")])
    return OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Loop", [rounds == nil ? "m" : "rounds", "", "x"], ["last", "all"], [("body", .graph(body))])],
        inputs: [.value("x", .f32, ["2"])] + (rounds == nil ? [.value("m", .i64, [])] : []),
        outputs: [.value("last"), .value("all")],
        initializers: [("limit", Tensor(shape: [], [Float(20)]))]
          + (rounds.map { [("rounds", Tensor(shape: [], [Int64($0)]))] } ?? [])))
  }

  @Test func loopsEndByCountOrCondition() throws {
    let x = Tensor(shape: [2], [1, 3] as [Float])
    // 6, 12, 24: the condition fails after the third round.
    let byCondition = try OnnxRunner.run(doubling(rounds: 10), ["x": x])
    #expect(byCondition["last"] == Tensor(shape: [2], [8, 24] as [Float]))
    #expect(byCondition["all"] == Tensor(shape: [3, 2], [2, 6, 4, 12, 8, 24] as [Float]))
    let byCount = try OnnxRunner.run(doubling(rounds: 2), ["x": x])
    #expect(byCount["last"] == Tensor(shape: [2], [4, 12] as [Float]))
    #expect(byCount["all"]?.shape == [2, 2])
  }

  @Test func scanWalksAlongADimension() throws {
    // The running sum of the rows.
    let body = OnnxBytes.graph(
      [.node("Add", ["s", "row"], ["sum"]), .node("Identity", ["sum"], ["item"])],
      inputs: [.value("s", .f32, ["2"]), .value("row", .f32, ["2"])], outputs: [.value("sum"), .value("item")])
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Scan", ["start", "x"], ["total", "all"], [("body", .graph(body)), ("num_scan_inputs", .int(1))])],
        inputs: [.value("x", .f32, ["3", "2"])], outputs: [.value("total"), .value("all")],
        initializers: [("start", Tensor(shape: [2], [0, 10] as [Float]))]))
    let results = try OnnxRunner.run(model, ["x": Tensor(shape: [3, 2], [1, 2, 3, 4, 5, 6] as [Float])])
    #expect(results["total"] == Tensor(shape: [2], [9, 22] as [Float]))
    #expect(results["all"] == Tensor(shape: [3, 2], [1, 12, 4, 16, 9, 22] as [Float]))
  }

  @Test func aLoopWithoutARoundGathersNothing() throws {
    // The body declares what it gathers: [2] per round.
    let body = OnnxBytes.graph(
      [.node("Add", ["s", "s"], ["next"]), .node("Identity", ["next"], ["item"]), .node("Identity", ["go"], ["on"])],
      inputs: [.value("i", .i64, []), .value("go", .bool, []), .value("s", .f32, ["2"])],
      outputs: [.value("on", .bool, []), .value("next", .f32, ["2"]), .value("item", .f32, ["2"])])
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Loop", ["m", "", "x"], ["last", "all"], [("body", .graph(body))])],
        inputs: [.value("x", .f32, ["2"]), .value("m", .i64, [])], outputs: [.value("last"), .value("all")]))
    let x = Tensor(shape: [2], [1, 3] as [Float])
    let none = try OnnxRunner.run(model, ["x": x, "m": Tensor(shape: [], [Int64(0)])])
    #expect(none["last"] == x)
    #expect(none["all"] == Tensor.zeros(.f32, shape: [0, 2]))
    let two = try OnnxRunner.run(model, ["x": x, "m": Tensor(shape: [], [Int64(2)])])
    #expect(two["all"] == Tensor(shape: [2, 2], [2, 6, 4, 12] as [Float]))
  }

  @Test func whatALoopGathersIsLearnedFromItsBody() throws {
    // The body's outputs have no extents, as in functions of the standard.
    let body = OnnxBytes.graph(
      [.node("Add", ["s", "s"], ["next"]), .node("Identity", ["next"], ["item"]), .node("Identity", ["go"], ["on"])],
      inputs: [.value("i", .i64, []), .value("go", .bool, []), .value("s", .f32, ["2"])],
      outputs: [.value("on"), .value("next"), .value("item")])
    let model = OnnxBytes.model(
      OnnxBytes.graph(
        [.node("Loop", ["m", "", "x"], ["last", "all"], [("body", .graph(body))])],
        inputs: [.value("x", .f32, ["2"]), .value("m", .i64, [])], outputs: [.value("last"), .value("all")]))
    let x = Tensor(shape: [2], [1, 3] as [Float])
    let none = try OnnxRunner.run(model, ["x": x, "m": Tensor(shape: [], [Int64(0)])])
    #expect(none["all"] == Tensor.zeros(.f32, shape: [0, 2]))
  }

  @Test func scanOfVersion8GoesThroughEverySample() throws {
    let body = OnnxBytes.graph(
      [.node("Add", ["s", "row"], ["sum"]), .node("Identity", ["sum"], ["item"])],
      inputs: [.value("s", .f32, ["2"]), .value("row", .f32, ["2"])],
      outputs: [.value("sum", .f32, ["2"]), .value("item", .f32, ["2"])])
    func model(_ lengths: String) -> [UInt8] {
      OnnxBytes.model(
        OnnxBytes.graph(
          [
            .node(
              "Scan", [lengths, "start", "x"], ["total", "all"],
              [("body", .graph(body)), ("num_scan_inputs", .int(1)), ("directions", .ints([1]))])
          ],
          inputs: [.value("x", .f32, ["2", "2", "2"]), .value("start", .f32, ["2", "2"])]
            + (lengths.isEmpty ? [] : [.value(lengths, .i64, ["2"])]),
          outputs: [.value("total"), .value("all")]), opset: 8)
    }
    let x = Tensor(shape: [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8] as [Float])
    let results = try OnnxRunner.run(model(""), ["x": x, "start": Tensor(shape: [2, 2], [0, 10, 100, 0] as [Float])])
    #expect(results["total"] == Tensor(shape: [2, 2], [4, 16, 112, 14] as [Float]))
    // From the end: the last row comes first.
    #expect(results["all"] == Tensor(shape: [2, 2, 2], [3, 14, 4, 16, 107, 8, 112, 14] as [Float]))
    let fault = try #require(OnnxRunner.fault(model("n")))
    #expect(fault.message.contains("has sequences of different lengths, which is not supported"), "\(fault)")
  }
}
