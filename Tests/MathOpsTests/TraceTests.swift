import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct TraceTests {
  @Test func `sum and mean of the diagonal, with their slopes`() throws {
    let ops = OpHarness([Trace.op, Trace.gradient])
    let x = Tensor(shape: [2, 2], [1, 2, 3, 4] as [Float])
    #expect(try ops.evaluate(Trace.op, ["x": x])[0].elements(Float.self) == [5])
    #expect(try ops.evaluate(Trace.op, ["x": x], ["mean": true])[0].elements(Float.self) == [2.5])
    for isMean in [false, true] {
      #expect(try ops.gradientError(Trace.op, ["x": random([4, 4])], ["mean": .bool(isMean)]) < 1e-3)
    }
  }
}
