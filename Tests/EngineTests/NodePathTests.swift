import Testing

@testable import Engine

@Suite struct NodePathTests {
  @Test func itemsAndStepsAreNotPartOfAName() {
    #expect(NodePath.withoutItems("faces[3]/crops[12]/détect") == "faces/crops/détect")
    #expect(NodePath.withoutItems("a[b[1]]c") == "ac")
    #expect(NodePath.withoutItems("plain/path") == "plain/path")
  }

  @Test func aRunNamesNodesByItsItems() {
    #expect(NodePath.join("", "faces/detect") == "faces/detect")
    #expect(NodePath.join("faces[3]/", "faces/detect") == "faces[3]/detect")
    #expect(NodePath.join("faces[3]/crops[0]/", "faces/crops/net/conv") == "faces[3]/crops[0]/net/conv")
    // A path of its own is put behind.
    #expect(NodePath.join("faces[3]/", "encode") == "faces[3]/encode")
    #expect(NodePath.join("é[1]/", "é/ü") == "é[1]/ü")
  }
}
