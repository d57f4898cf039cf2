import Testing

@testable import Language

@Suite struct TypeParserTests {
  @Test(arguments: [
    "tensor", "tensor<f32>", "tensor<f32>[]", "tensor<f32>[1,3,H,W] rgb 0..1", "tensor<u8>[H,W,3] bgr HWC 0..255",
    "tensor<f32>[N,C,H/8,(W+1)/2] -1..1", "tensor[2*H-1]", "image[H,W]", "image<rgb8>[H,W]", "list<file>",
    "list<list<tensor<f32>[K,K]>>", "list<int; string>", "stream<image<rgb8>[H,W]>", "box?", "list<int?>?", "any",
    "table", "weights", "model", "literal", "tensor<f32>[1] caffe", "tensor<f32>[1] grey NCHW imagenet",
  ])
  func printsWhatItReads(_ text: String) throws {
    #expect(try ValueType(parsing: text).description == text)
  }

  @Test(arguments: [
    ("image", "image"), ("float", "number"), ("boolean", "bool"), ("box???", "box?"),
    (" tensor < f32 > [ 1 , H ] 0..1 rgb ", "tensor<f32>[1,H] rgb 0..1"), ("tensor[H/2/2]", "tensor[H/4]"),
    ("tensor[(H+W)*2]", "tensor[2*H+2*W]"),
  ])
  func otherSpellingsMeanTheSame(_ text: String, _ canonical: String) throws {
    #expect(try ValueType(parsing: text).description == canonical)
  }

  @Test(arguments: [
    ("tensr", #"bad type "tensr": "tensr" is not a type (did you mean "tensor"?)"#),
    ("", #"bad type "": "" is not a type"#),
    (
      "tensor<f31>",
      #"bad type "tensor<f31>": "f31" is not an element type (f16, bf16, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64, bool)"#
    ),
    (
      "image<rgb>",
      #"bad type "image<rgb>": "rgb" is not a pixel format (grey8, greya8, rgb8, rgba8, grey16, greya16, rgb16, rgba16)"#
    ),
    ("image[H]", #"bad type "image[H]": an image has two extents, height and width"#),
    ("tensor[1,", #"bad type "tensor[1,": expected an extent but found the end at letter 10"#),
    ("tensor[1 2]", #"bad type "tensor[1 2]": expected "]" but found "2" at letter 10"#),
    ("tensor[H/W]", #"bad type "tensor[H/W]": an extent can only be divided by a positive integer"#),
    ("tensor[H/0]", #"bad type "tensor[H/0]": an extent can only be divided by a positive integer"#),
    ("tensor[1] rbg", #"bad type "tensor[1] rbg": "rbg" is neither a colour order, an axis layout nor a value range"#),
    (
      "tensor[1] 1..0",
      #"bad type "tensor[1] 1..0": "1..0" is neither a colour order, an axis layout nor a value range"#
    ),
    ("list<int", #"bad type "list<int": expected ">" but found the end at letter 9"#),
    ("int int", #"bad type "int int": expected the end but found "i" at letter 5"#),
    (
      "tensor[99999999999999999999]",
      #"bad type "tensor[99999999999999999999]": expected an extent but found "]" at letter 28"#
    ),
  ])
  func refusesByName(_ text: String, _ message: String) {
    #expect(throws: Fault("type-syntax", message)) { try ValueType(parsing: text) }
  }

  @Test func depthAndSizeAreBounded() {
    let deep = String(repeating: "list<", count: 100_000) + "int"
    #expect(throws: Fault.self) { try ValueType(parsing: deep) }
    #expect(throws: Fault.self) { try ValueType(parsing: "tensor[" + String(repeating: "(", count: 100_000)) }
    let product = String(repeating: "(a+b+c+d)*", count: 200) + "1"
    #expect((try? ValueType(parsing: "tensor[\(product)]")) != nil, "too many products are an unknown extent")
    #expect((try? ValueType(parsing: "tensor[1099511627775*1099511627775*1099511627775]")) != nil)
    #expect((try? ValueType(parsing: "tensor[H/1099511627775/1099511627775]")) != nil)
  }
}
