import Language
import Optimizers
import Testing

@Suite struct NormalisedDescentTests {
  private func moved(_ norm: NormalisedDescent<Double>.Norm, _ gradient: [Double]) -> ([Double], Outcome) {
    var optimizer = NormalisedDescent<Double>(rate: 0.5, norm: norm, count: gradient.count)
    var point = Array(repeating: 1.0, count: gradient.count)
    let outcome = gradient.withUnsafeBufferPointer { slope in
      point.withUnsafeMutableBufferPointer { optimizer.tell(loss: 0, gradient: slope, point: $0) }
    }
    return (point, outcome)
  }

  @Test func `steps have one size`() {
    #expect(moved(.meanAbs, [3, -1, 0]).0 == [0.25, 1.25, 1])
    #expect(moved(.l2, [3, -4]).0 == [0.7, 1.4])
    #expect(moved(.rootMeanSquare, [1, -1]).0 == [0.5, 1.5])
    #expect(moved(.meanAbs, [0, 0]).1 == .settled(.gradient))
  }

  @Test func `it remembers nothing`() throws {
    var optimizer = NormalisedDescent<Float>(rate: 1, count: 2)
    try optimizer.restore(optimizer.state)
    #expect(throws: Fault.self) { try optimizer.restore(SGD<Float>(.init(rate: 1), count: 2).state) }
  }
}
