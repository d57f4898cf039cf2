import Tensors
import TestSupport
import Testing

@testable import Language

@Suite struct ValueTypeTests {
  @Test func memoryIsKnownOnceEveryExtentIs() throws {
    #expect(try ValueType(parsing: "tensor<f32>[2,3]").concrete?.shape == [2, 3])
    #expect(try ValueType(parsing: "image<rgba16>[4,5]").concrete! == (DType.u16, [4, 5, 4]))
    for text in ["tensor<f32>[2,H]", "tensor[2]", "tensor<f32>", "image[4,5]", "list<int>", "any"] {
      #expect(try ValueType(parsing: text).concrete == nil)
    }
  }

  @Test func substitutionReachesEveryExtent() throws {
    let type = try ValueType(parsing: "list<tensor<f32>[H/2]; image<rgb8>[H,W]?; stream<tensor[W]>>")
    let bound = type.substituting(["H": 8, "W": .symbol("V")])
    #expect(bound.description == "list<tensor<f32>[4]; image<rgb8>[8,V]?; stream<tensor[V]>>")
  }
}
