import TestSupport
import Testing

@testable import Language

@Suite struct ParamTests {
  static func check(_ kind: Param.Kind, _ value: Literal, default fallback: Literal? = nil) -> String {
    switch Param("p", kind, default: fallback, "").check(value) {
    case .success(let canonical): "\(canonical)"
    case .failure(let fault): fault.message
    }
  }

  @Test func acceptsAndPutsInCanonicalForm() {
    #expect(Self.check(.int(.all), 3.0) == "3" && Self.check(.number(.all), 3) == "3.0")
    #expect(Self.check(.ints(.natural, counts: [2]), 4) == "4" && Self.check(.ints(.all, counts: []), []) == "[]")
    #expect(
      Self.check(.numbers(.unit, counts: [2]), [0, 0.5]) == "[0.0,0.5]"
        && Self.check(.numbers(.all, counts: []), 1) == "1.0")
    #expect(Self.check(.numbers(.all, counts: [2]), 3) == "[3.0,3.0]")
    #expect(Self.check(.strings, "a") == "\"a\"" && Self.check(.strings, ["a", "b"]) == "[\"a\",\"b\"]")
    #expect(Self.check(.choice(["x", "y"]), "y") == "\"y\"" && Self.check(.any, .object(["a": 1])) == "{\"a\":1}")
    #expect(Self.check(.int(.all), .null, default: .null) == "null")
  }

  static let refused: [(Param.Kind, Literal, String)] = [
    (.int(1...9), 12, "param \"p\" must be from 1 to 9, but is 12"),
    (.int(.positive), 0, "param \"p\" must be at least 1, but is 0"),
    (.int(.all), 1.5, "param \"p\" takes an integer, not a number"),
    (.number(.unit), 2.5, "param \"p\" must be from 0 to 1, but is 2.5"),
    (.number(.natural), "a", "param \"p\" takes a number of at least 0, not a string"),
    (.bool, 1, "param \"p\" takes a boolean, not an integer"),
    (.bool, .null, "param \"p\" takes a boolean, not null"),
    (.string, [], "param \"p\" takes a string, not a list"),
    (
      .choice(["linear", "cubic"]), "cubik",
      "param \"p\" cannot be \"cubik\" (did you mean \"cubic\"?); it is one of \"linear\", \"cubic\""
    ),
    (.ints(.positive, counts: [1, 2]), [1, 2, 3], "param \"p\" takes 1 or 2 numbers, not 3"),
    (.ints(.positive, counts: []), [0], "param \"p\" must be at least 1, but is 0"),
    (
      .ints(.positive, counts: [2]), ["a", 1],
      "param \"p\" takes one integer or a list of 2, each at least 1, not a string"
    ),
    (.numbers(.all, counts: [3]), [1], "param \"p\" takes one or 3 numbers, not 1"),
    (.strings, [1], "param \"p\" takes a string or a list of strings, not an integer"),
  ]

  @Test func refusesInWords() {
    for (kind, value, message) in Self.refused { #expect(Self.check(kind, value) == message) }
  }
}
