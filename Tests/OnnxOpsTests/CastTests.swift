import Language
import Tensors
import Testing

@Suite struct CastTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Cast", "CastLike") }

  @Test func roundsOnceAndCutsIntegers() throws {
    let numbers = Tensor(shape: [4], [Double.nan, 300.7, -1e30, 65519.99])
    #expect(try OnnxRun.result("Cast", [numbers], ["to": .int(3)]).elements(Int8.self) == [0, 127, -128, 127])
    #expect(try OnnxRun.result("Cast", [numbers], ["to": .int(10)]).elements(Float16.self)[3] == 65504)
    let wide = Tensor(shape: [2], [Int64(200), Int64.max])
    #expect(try OnnxRun.result("Cast", [wide], ["to": .int(3)]).elements(Int8.self) == [-56, -1])
  }

  @Test func namesTypesItDoesNotKeep() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Cast", [Tensor(shape: [1], [Float(1)])], ["to": .int(17)])
    }
    #expect(
      fault?.message
        == "attribute \"to\" asks for element type 17, which is not supported; float16/32/64, bfloat16, integers of 8 to 64 bits and bool are"
    )
  }
}
