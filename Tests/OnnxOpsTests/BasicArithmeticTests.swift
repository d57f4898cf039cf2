import Language
import Tensors
import Testing

@Suite struct BasicArithmeticTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Add", "Sub", "Mul", "Div") }

  @Test func integersWrapAround() throws {
    let a = Tensor(shape: [3], [Int8(127), -128, 7])
    let b = Tensor(shape: [3], [Int8(1), -1, 0])
    #expect(try OnnxRun.result("Add", [a, b]).elements(Int8.self) == [-128, 127, 7])
    #expect(try OnnxRun.result("Mul", [a, b]).elements(Int8.self) == [127, -128, 0])
    #expect(try OnnxRun.result("Div", [a, b]).elements(Int8.self) == [127, -128, 0])
  }

  @Test func namesTypesThatDiffer() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Add", [Tensor(shape: [1], [Float(1)]), Tensor(shape: [1], [Int8(1)])])
    }
    #expect(fault?.message == "inputs \"A\" and \"B\" hold f32 and i8, but need the same type")
  }

  @Test func namesShapesThatDiffer() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Sub", [Tensor(shape: [2], [Float(1), 2]), Tensor(shape: [3], [Float(1), 2, 3])])
    }
    #expect(fault?.message == "[2] and [3] cannot be broadcast together")
  }
}
