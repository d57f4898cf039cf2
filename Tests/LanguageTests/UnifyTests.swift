import Testing

@testable import Language

@Suite struct UnifyTests {
  /// The reason why `actual` may not flow into `declared`; nil when it may.
  static func reason(_ declared: String, _ actual: String) throws -> String? {
    var unifier = Unifier()
    do { try unifier.match(try ValueType(parsing: declared), try ValueType(parsing: actual)) } catch let mismatch
      as Unifier.Mismatch
    { return "\(mismatch.code): \(mismatch.text)" }
    return nil
  }

  @Test(arguments: [
    ("any", "image[H,W]"), ("tensor", "tensor<f32>[1]"), ("tensor<f32>[1]", "any"), ("number", "int"),
    ("tensor<f32>[N,C]", "tensor<f32>[4,3] rgb 0..1"), ("tensor<f32>[N,N]", "tensor<f32>[H,H]"), ("int?", "int"),
    ("tensor<f32>[N] rgb", "tensor<f32>[N]"), ("record", "face"), ("literal", "table"), ("int?", "int?"),
    ("list<tensor<f32>[K,K]>", "list<tensor<f32>[2,2]; tensor<f32>[3,3]>"), ("list<int; int>", "list<int>"),
    ("tensor[2*K]", "tensor[H]"), ("stream<int>", "stream<int>"), ("image[H,W]", "image<rgb8>[10,20]"),
  ])
  func fits(_ declared: String, _ actual: String) throws {
    #expect(try Self.reason(declared, actual) == nil)
  }

  @Test(arguments: [
    ("int", "number", "type: number where int is needed"),
    ("tensor<f32>", "image[H,W]", "type: image[H,W] where tensor<f32> is needed"),
    ("tensor<f32>", "tensor<u8>", "dtype: element type: u8 where f32 is needed"),
    ("tensor[N,C]", "tensor[1,2,3]", "shape: rank 3 where rank 2 is needed"),
    ("tensor[N,3]", "tensor[1,4]", "shape: dimension 1: 4 where 3 is needed"),
    ("tensor[N,N]", "tensor[4,5]", "shape: dimension 1: 5 where 4 is needed"),
    ("tensor[N,N/2]", "tensor[H,H/4]", "shape: dimension 1: H/4 where H/2 is needed"),
    ("tensor rgb", "tensor bgr", "colour: colour order: bgr where rgb is needed"),
    ("tensor NCHW", "tensor NHWC", "layout: axis layout: NHWC where NCHW is needed"),
    ("tensor 0..1", "tensor 0..255", "range: value range: 0..255 where 0..1 is needed"),
    ("image<rgb8>", "image<grey8>", "type: pixel format: grey8 where rgb8 is needed"),
    ("image[8,W]", "image[9,9]", "shape: height: 9 where 8 is needed"),
    ("int", "int?", "type: int? may be absent, but int is needed"),
    ("list<int; int>", "list<int; int; int>", "type: a list of 3 where one of 2 is needed"),
    ("list<int>", "list<int; string>", "type: string where int is needed"),
    ("face", "box", "type: box where face is needed"),
  ])
  func saysWhatDoesNotFit(_ declared: String, _ actual: String, _ reason: String) throws {
    #expect(try Self.reason(declared, actual) == reason)
  }

  @Test func oneUseBindsASymbolOnce() throws {
    var unifier = Unifier()
    try unifier.match(try ValueType(parsing: "tensor[H,W]"), try ValueType(parsing: "tensor[2*A,7]"))
    #expect(unifier.bindings == ["H": 2 * .symbol("A"), "W": 7])
    #expect(throws: Unifier.Mismatch(code: "shape", text: "dimension 0: 8 where 7 is needed")) {
      try unifier.match(try ValueType(parsing: "tensor[W]"), try ValueType(parsing: "tensor[8]"))
    }
  }
}
