import Testing

@testable import Graph

@Suite struct OpReferenceTests {
  @Test(
    arguments: [
      ("image.load", .registered("image.load")), ("Conv", .registered("Conv")), ("graph:taps", .graph("taps")),
      ("networks/vgg19.json", .file(path: "networks/vgg19.json", graph: nil)),
      ("vgg19.json", .file(path: "vgg19.json", graph: nil)), ("scrfd.onnx", .file(path: "scrfd.onnx", graph: nil)),
      ("lib.json#name", .file(path: "lib.json", graph: "name")),
      ("a#b/c.json#d", .file(path: "a#b/c.json", graph: "d")),
      ("./models/x", .file(path: "./models/x", graph: nil)),
    ] as [(String, OpReference.Form)])
  func theFormFollowsFromTheText(_ text: String, _ form: OpReference.Form) {
    #expect(OpReference.Form(text) == form)
  }
}
