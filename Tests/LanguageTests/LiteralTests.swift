import TestSupport
import Testing

@testable import Language

@Suite struct LiteralTests {
  @Test func printsCanonicalJSON() {
    let literal: Literal = .object(["z": [1, 2.0, .null], "a": .object(["t": true]), "é": "q\"\\\n\u{1}"])
    #expect(literal.description == #"{"a":{"t":true},"z":[1,2.0,null],"é":"q\"\\\n\u0001"}"#)
    #expect(Literal.float(1e300).description == "1e+300" && Literal.float(-0.0).description == "-0.0")
  }

  @Test func namesItsKind() {
    let kinds = ([.null, true, 1, 1.5, "", [], .object([:])] as [Literal]).map(\.kind)
    #expect(kinds == ["null", "a boolean", "an integer", "a number", "a string", "a list", "an object"])
    #expect(Literal.int(3).number == 3 && Literal.float(0.5).number == 0.5 && Literal.string("3").number == nil)
  }
}
