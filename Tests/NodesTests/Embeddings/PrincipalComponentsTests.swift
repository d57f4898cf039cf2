import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct PrincipalComponentsTests {
  @Test func `a line has one component`() throws {
    let rows = Tensor(shape: [4, 3], [0, 0, 0, 1, 2, 2, 2, 4, 4, 3, 6, 6] as [Float])
    let found = try run(PrincipalComponents.op, ["x": .tensor(rows)])
    let points = found[0].tensor!.elements(Float.self)
    #expect(largestError(points, [-4.5, 0, -1.5, 0, 1.5, 0, 4.5, 0]) < 1e-5)
    #expect(largestError(found[1].tensor!.elements(Float.self), [1, 0]) < 1e-6)
  }

  @Test func `wide and tall matrices give the same distances`() throws {
    var random = TestRandom(seed: 4)
    let values = random.floats(5 * 9)
    let points = try run(
      PrincipalComponents.op,
      [
        "x": .list(
          (0..<5).map { row in
            .tensor(Tensor(shape: [1, 3, 3], Array(values[row * 9..<(row + 1) * 9])))
          })
      ], ["count": 4])[0].tensor!.elements(Float.self)
    for i in 0..<5 {
      for j in 0..<i {
        let far = (0..<9).reduce(0.0) {
          $0 + Double((values[i * 9 + $1] - values[j * 9 + $1]) * (values[i * 9 + $1] - values[j * 9 + $1]))
        }
        let near = (0..<4).reduce(0.0) {
          $0 + Double((points[i * 4 + $1] - points[j * 4 + $1]) * (points[i * 4 + $1] - points[j * 4 + $1]))
        }
        #expect(abs(far - near) < 1e-4)
      }
    }
  }

  @Test func refusals() {
    #expect(
      message {
        _ = try run(
          PrincipalComponents.op,
          ["x": .list([.tensor(.zeros(.f32, shape: [2])), .tensor(.zeros(.f32, shape: [3]))])])
      } == "port \"x\": tensors of 2 and of 3 elements")
  }
}
