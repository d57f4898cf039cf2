import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct CastTests {
  @Test func numbersAreCutAndClamped() throws {
    let x = Tensor(shape: [6], [Float]([-3.7, 2.9, 300, -1e20, .nan, 0]))
    func cast<T: Element>(_ type: T.Type) throws -> [T] {
      try harness.evaluate(Cast.op, ["x": x], ["dtype": .string(T.dtype.rawValue)])[0].elements(T.self)
    }
    #expect(try cast(Int8.self) == [-3, 2, 127, -128, 0, 0])
    #expect(try cast(UInt8.self) == [0, 2, 255, 0, 0, 0])
    #expect(try cast(Int64.self) == [-3, 2, 300, .min, 0, 0])
    let bits = try harness.evaluate(Cast.op, ["x": x], ["dtype": "bool"])[0]
    #expect(Array(bits.bytes) == [1, 1, 1, 1, 1, 0])
  }

  @Test func everyTypeBecomesFloat() throws {
    func floats<T: Element>(_ values: [T]) throws -> [Float] {
      try harness.evaluate(Cast.op, ["x": Tensor(shape: [values.count], values)])[0].elements(Float.self)
    }
    #expect(try floats([Int16]([-5, 6])) == [-5, 6])
    #expect(try floats([UInt32]([7])) == [7])
    #expect(try floats([Double]([0.1])) == [0.1])
    #expect(try floats([Float16]([0.5])) == [0.5])
    #expect(try floats([Float]([0.25])) == [0.25])
  }

  @Test func gradientMatchesDifferences() throws {
    #expect(try harness.gradientError(Cast.op, ["x": random([5])]) < 1e-3)
  }

  @Test func types() throws {
    #expect(
      try harness.infer(Cast.op, ["x": "tensor<u8>[H,W,3] rgb HWC 0..255"]) == ["tensor<f32>[H,W,3] rgb HWC 0..255"])
    #expect(harness.refusal(Cast.op, ["x": "tensor<bf16>[H]"]) == "x holds bf16, which only weight files do")
  }
}
