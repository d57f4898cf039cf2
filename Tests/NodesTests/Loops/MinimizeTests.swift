import Compiler
import Language
import MathOps
import NetOps
import Optimizers
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct MinimizeTests {
  static let target: [Float] = [3, -1, 0.5, 2, 7]

  /// total = sum (x - target)², part = mean of the same, echo = x; x is a vector of five, or two vectors of three and
  /// two numbers whose losses add up.
  func open(
    _ attributes: [String: Literal], split: Bool = false, start: [Float] = [0, 0, 0, 0, 0],
    given: [String: Value] = [:]
  ) throws -> any LoopSession {
    let (filled, faults) = Minimize.op.attributes(attributes)
    if let fault = faults.first { throw fault }
    let registry = Registry.linked
    var body = Emitter(registry: registry)
    var wrt: [(name: String, start: Tensor)] = []
    var sources: [LoopSite.Source] = []
    var losses: [ValueID] = []
    var first: ValueID?
    for (index, range) in (split ? [0..<3, 3..<5] : [0..<5] as [Range<Int>]).enumerated() {
      let x = body.input(.f32([Dim(range.count)]))
      let goal = body.input(.f32([Dim(range.count)]))
      first = first ?? x
      losses.append(try body.emit("nn.mse", x, goal, attributes: ["reduction": "sum"]))
      wrt.append((["x", "y"][index], Tensor(shape: [range.count], Array(start[range]))))
      sources += [.wrt(index), .fixed(Tensor(shape: [range.count], Array(MinimizeTests.target[range])))]
    }
    let total = try body.emit(registry.op("math.weighted_sum"), [losses], ["weights": .array(losses.map { _ in 1.0 })])[
      0]
    body.setOutputs([losses[0], total, first!])
    return try MinimizeLoop().open(
      LoopSite(
        attributes: filled,
        training: LoopSite.Program(body: body.region, sources: sources, outputs: ["part", "total", "echo"]), wrt: wrt,
        given: given, loss: "total", seed: 1, compiler: Compiler(registry: registry)))
  }

  @Test(arguments: [("sgd", 0.1), ("adam", 0.3), ("lbfgs", 0.5)]) func `a quadratic is solved`(
    _ method: String, _ rate: Double
  )
    throws
  {
    let session = try open(["method": .string(method), "lr": .float(rate)], split: true)
    var last = Double.infinity
    for step in 0..<300 {
      let report = try session.step(RunContext(step: UInt64(step)))
      last = report.loss
      if report.finished != nil { break }
    }
    #expect(last < 1e-6)
    #expect(largestError(session.tensor("x")!.elements(Float.self), [3, -1, 0.5]) < 1e-3)
    #expect(largestError(session.tensor("y")!.elements(Float.self), [2, 7]) < 1e-3)
  }

  @Test func `rows show the loss before the update, then other numbers, then the gradient norm`() throws {
    let session = try open(["method": "sgd", "lr": 0.25])
    #expect(session.columns == ["total", "part", "grad_norm"])
    let square = 9 + 1 + 0.25 + 4 + 49.0
    let first = try session.step(RunContext())
    #expect(abs(first.log[2] - 2 * square.squareRoot()) < 1e-5)
    #expect(first.loss == square && first.log[0] == square && first.log[1] == square)
    // x moved half of the way: the output as of the evaluation, the point as of now.
    #expect(session.tensor("echo")!.elements(Float.self) == [0, 0, 0, 0, 0])
    #expect(session.tensor("x")!.elements(Float.self) == MinimizeTests.target.map { $0 / 2 })
    #expect(try session.step(RunContext(step: 1)).loss == square / 4)
    #expect(session.tensor("nothing") == nil)
    #expect(try open(["method": "sgd", "lr": 0.25, "log": []]).columns == ["total", "grad_norm"])
  }

  @Test(arguments: ["sgd", "adam", "lbfgs"]) func `a restored session goes on bit for bit`(_ method: String) throws {
    let settings: [String: Literal] = ["method": .string(method), "lr": 0.05]
    let unbroken = try open(settings, split: true)
    let broken = try open(settings, split: true)
    var expected: [[Double]] = []
    for step in 0..<40 { expected.append(try unbroken.step(RunContext(step: UInt64(step))).log) }
    var rows: [[Double]] = []
    for step in 0..<17 { rows.append(try broken.step(RunContext(step: UInt64(step))).log) }
    let resumed = try open(settings, split: true, start: [9, 9, 9, 9, 9])
    try resumed.restore(broken.state)
    #expect(resumed.tensor("echo") == broken.tensor("echo"))
    for step in 17..<40 { rows.append(try resumed.step(RunContext(step: UInt64(step))).log) }
    #expect(rows == expected)
    #expect(resumed.tensor("y") == unbroken.tensor("y"))
  }

  @Test func `a state of another loop is refused and changes nothing`() throws {
    let session = try open(["method": "sgd", "lr": 0.1])
    let other = try open(["method": "adam", "lr": 0.1])
    _ = try other.step(RunContext())
    #expect(message { try session.restore(other.state) }.contains("sgd"))
    let split = try open(["method": "sgd", "lr": 0.1], split: true)
    #expect(
      message { try session.restore(split.state) }
        == "the saved state does not fit this loop: \"wrt.x\" is f32[3], not f32[5]")
    #expect(session.tensor("x")!.elements(Float.self) == [0, 0, 0, 0, 0])
  }

  @Test func `clamp holds after every update`() throws {
    let session = try open(["method": "adam", "lr": 1, "clamp": [-0.5, 2.5]])
    for step in 0..<50 { _ = try session.step(RunContext(step: UInt64(step))) }
    #expect(largestError(session.tensor("x")!.elements(Float.self), [2.5, -0.5, 0.5, 2, 2.5]) < 0.05)
    #expect(session.tensor("x")!.elements(Float.self).allSatisfy { (-0.5...2.5).contains($0) })
  }

  @Test func `a loss that is not finite is a fault with its step`() throws {
    let session = try open(["method": "sgd", "lr": 1e30])
    #expect(
      message { for step in 0..<9 { _ = try session.step(RunContext(step: UInt64(step))) } }.hasPrefix(
        "the loss \"total\" is inf at step 1"))
  }

  @Test func `settings are those of the method`() {
    func refusal(_ attributes: [String: Literal], _ structure: Facts.Structure? = nil) -> String {
      message { _ = try infer(Minimize.op, [:], attributes, structure: structure) }
    }
    #expect(refusal(["method": "adam", "history": 5]).hasPrefix("adam has no param \"history\""))
    #expect(refusal(["method": "sgd"]).hasPrefix("sgd needs the param \"lr\": a number"))
    #expect(refusal(["method": "adan"]).hasPrefix("param \"method\" cannot be \"adan\" (did you mean \"adam\"?)"))
    #expect(refusal(["clamp": [1, 0]]) == "param \"clamp\" takes [low, high] with low at most high, not [1.0, 0.0]")
    #expect(refusal(["method": "lbfgs", "history": 5]) == "no fault")
    let structure = Facts.Structure(
      bodyOutputs: [("total", .f32([])), ("map", .f32([1, 3]))], wrt: [("x", .f32([4]))], loss: "total")
    #expect(
      refusal(["log": ["totl"]], structure)
        == "param \"log\": the body has no output \"totl\" (did you mean \"total\"?); it has total, map")
    #expect(
      refusal(["log": ["map"]], structure)
        == "param \"log\": \"map\" is tensor<f32>[1,3]; a column takes a single number")
    #expect(
      refusal([:], Facts.Structure(wrt: [("x", .image(ImageType(format: nil, height: 1, width: 1)))]))
        == "\"wrt\" takes f32 tensors, but \"x\" is image[1,1]")
    #expect(refusal(["log": ["total"]], structure) == "no fault")
  }
}

extension LoopSession {
  /// A value that is a tensor.
  func tensor(_ name: String) -> Tensor? {
    if case .tensor(let tensor)? = value(name) { tensor } else { nil }
  }
}

/// What goes from one minimisation to the next.
extension MinimizeTests {
  @Test func `an average corrected for its start is of the start and all iterates alone`() throws {
    let session = try open(["method": "sgd", "lr": 0.1, "ema": 0.5, "ema_corrected": true], start: [8, 8, 8, 8, 8])
    var points = [session.tensor("x")!.elements(Float.self).map(Double.init)]
    for step in 0..<3 {
      _ = try session.step(RunContext(step: UInt64(step)))
      points.append(session.tensor("x")!.elements(Float.self).map(Double.init))
    }
    let shares = [0.0625, 0.125, 0.25, 0.5].map { $0 / (1 - 0.0625) }
    let expected = (0..<5).map { index in zip(shares, points).reduce(0) { $0 + $1.0 * $1.1[index] } }
    #expect(largestError(session.tensor("x.ema")!.elements(Float.self), expected) < 1e-5)
  }

  @Test func `a minimisation goes on with another's memory as if nothing had happened`() throws {
    let settings: [String: Literal] = ["method": "adam", "lr": 0.3, "memory": true]
    let whole = try open(settings)
    for step in 0..<6 { _ = try whole.step(RunContext(step: UInt64(step))) }
    let first = try open(settings)
    for step in 0..<3 { _ = try first.step(RunContext(step: UInt64(step))) }
    let memory = try #require(first.value("memory"))
    let second = try open(
      settings, start: first.tensor("x")!.elements(Float.self), given: ["memory": memory])
    for step in 0..<3 { _ = try second.step(RunContext(step: UInt64(step))) }
    #expect(second.tensor("x") == whole.tensor("x"))
    let without = try open(["method": "adam"])
    #expect(without.value("memory")?.list?.isEmpty == true)
  }

  @Test func `memory that cannot be given on is refused before the first step`() {
    #expect(
      message { _ = try open(["method": "adam", "memory": true], split: true) }
        == "the optimiser's memory goes on for one tensor only, not for x, y")
  }
}
