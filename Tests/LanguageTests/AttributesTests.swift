import TestSupport
import Testing

@testable import Language

@Suite struct AttributesTests {
  let attributes = Attributes([
    "i": 3, "n": 0.5, "s": "text", "b": true, "is": [1, 2], "ns": [1, 2.5], "ss": ["a", "b"], "none": .null,
  ])

  @Test func readsEveryKind() {
    #expect(attributes.int("i") == 3 && attributes.number("n") == 0.5 && attributes.number("i") == 3)
    #expect(attributes.string("s") == "text" && attributes.bool("b"))
    #expect(
      attributes.ints("is") == [1, 2] && attributes.numbers("ns") == [1, 2.5] && attributes.strings("ss") == ["a", "b"])
  }

  @Test func oneValueStandsForAList() {
    #expect(attributes.ints("i") == [3] && attributes.ints("i", count: 2) == [3, 3])
    #expect(
      attributes.ints("is", count: 2) == [1, 2] && attributes.numbers("n") == [0.5]
        && attributes.strings("s") == ["text"])
  }

  @Test func nullIsAbsent() {
    #expect(attributes.has("i") && !attributes.has("none") && !attributes.has("else") && attributes["none"] == .null)
  }

  @Test func canonicalTextDependsOnContentAlone() {
    #expect(Attributes(["b": 1, "a": 2.0]).canonical == #"{"a":2.0,"b":1}"#)
    #expect(Attributes(["a": 1]).canonical != Attributes(["a": 1.0]).canonical)
  }
}
