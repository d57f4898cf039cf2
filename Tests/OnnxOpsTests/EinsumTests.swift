import Language
import Tensors
import Testing

@Suite struct EinsumTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Einsum") }

  @Test func namesAWrongEquation() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Einsum", [.zeros(.f32, shape: [2])], ["equation": .string("ij->i")])
    }
    #expect(fault?.message == "equation \"ij->i\": \"ij\" does not name the axes of a tensor of rank 1")
  }

  @Test func contractsThreeTensors() throws {
    let a = Tensor(shape: [2, 2], [Int64(1), 2, 3, 4])
    let result = try OnnxRun.result("Einsum", [a, a, a], ["equation": .string("ij,jk,kl->li")])
    #expect(result.elements(Int64.self) == [37, 81, 54, 118])
    #expect(try OnnxRun.result("Einsum", [a], ["equation": .string("ii")]).elements(Int64.self) == [5])
  }
}
