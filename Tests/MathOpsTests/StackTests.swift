import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct StackTests {
  @Test(arguments: [0, 1, 2]) func valuesMatchTheNaiveWalk(_ axis: Int) throws {
    let parts = [random([3, 4]), random([3, 4], seed: 2)]
    let y = try harness.evaluate(Stack.op, ["x": parts[0], "x": parts[1]], ["axis": .int(axis)])[0]
    var shape = [3, 4]
    shape.insert(2, at: axis)
    let halves = parts.map { part in
      moved(part, to: shape) { index in
        var index = index
        index.remove(at: axis)
        return index
      }
    }
    let inner = shape[(axis + 1)...].reduce(1, *)
    #expect(y.elements(Float.self) == halves[0].indices.map { halves[$0 / inner % 2][$0] })
  }

  @Test func gradientMatchesDifferences() throws {
    let inputs: KeyValuePairs = ["x": random([2, 3]), "x": random([2, 3], seed: 2)]
    #expect(try harness.gradientError(Stack.op, inputs, ["axis": 1]) < 1e-3)
  }

  @Test func shapes() throws {
    let x = "tensor<f32>[3,H,W] rgb CHW 0..1"
    #expect(try harness.infer(Stack.op, ["x": x, "x": x]) == ["tensor<f32>[2,3,H,W] rgb NCHW 0..1"])
    #expect(
      harness.refusal(Stack.op, ["x": "tensor<f32>[2]", "x": "tensor<f32>[3]"])
        == "dimension 0 is 2 in x[0] and 3 in x[1]; they must be equal")
  }
}
