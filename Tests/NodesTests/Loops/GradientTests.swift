import Compiler
import Language
import MathOps
import NetOps
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct GradientTests {
  /// loss = Σ relu(x)², with y = relu(x) among the outputs.
  private func open(_ attributes: [String: Literal]) throws -> any LoopSession {
    let (filled, faults) = Gradient.op.attributes(attributes)
    if let fault = faults.first { throw fault }
    var body = Emitter(registry: .linked)
    let x = body.input(.f32([4]))
    let y = try body.emit("nn.relu", x)
    let loss = try body.emit("nn.sum_squares", y)
    body.setOutputs([loss, y])
    return try GradientLoop().open(
      LoopSite(
        attributes: filled,
        training: LoopSite.Program(body: body.region, sources: [.wrt(0)], outputs: ["loss", "y"]),
        wrt: [("x", Tensor(shape: [4], [1, -2, 3, -4] as [Float]))], loss: "loss", seed: 1,
        compiler: Compiler(registry: .linked)))
  }

  @Test func `slopes by what goes in and by what comes between`() throws {
    let session = try open(["at": .array(["y"])])
    #expect(try session.step(RunContext()).loss == 10)
    #expect(session.value("x")?.tensor?.elements(Float.self) == [2, 0, 6, 0])
    #expect(session.value("y.slope")?.tensor?.elements(Float.self) == [2, 0, 6, 0])
    #expect(session.value("y")?.tensor?.elements(Float.self) == [1, 0, 3, 0])
    // A mean over steps: of equal ones the same.
    _ = try session.step(RunContext(step: 1))
    #expect(session.value("x")?.tensor?.elements(Float.self) == [2, 0, 6, 0])
    let other = try open(["at": .array(["y"])])
    try other.restore(session.state)
    #expect(
      other.value("x")?.tensor == session.value("x")?.tensor
        && other.value("y")?.tensor == session.value("y")?.tensor)
  }

  @Test func `rectifiers follow the rule`() throws {
    let session = try open(["relu": "deconvnet"])
    _ = try session.step(RunContext())
    // The slope at y is 2y: nothing to pass where y is 0, whatever the rule.
    #expect(session.value("x")?.tensor?.elements(Float.self) == [2, 0, 6, 0])
    let (filled, _) = Minimize.op.attributes(["relu": "guided"])
    #expect(filled.string("relu") == "guided")
  }
}
