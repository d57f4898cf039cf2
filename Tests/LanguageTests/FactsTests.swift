import TestSupport
import Testing

@testable import Language

@Suite struct FactsTests {
  let op = Op(
    "t.op", doc: "",
    inputs: [Port("x", "tensor"), Port("y", "image", .optional), Port("more", "int", .variadic)], outputs: [],
    infer: { _ throws(Fault) in [] }, action: .control(.loop))

  @Test func portsAreReadByName() throws {
    let facts = Facts(
      op: op, attributes: Attributes(["k": 1]), inputs: [[.f32([1, .symbol("H")])], [], [.int, .number]],
      known: [[nil], [], [.int(4), nil]])
    #expect(facts.tensor("x").shape == [1, .symbol("H")] && facts.isConnected("x") && !facts.isConnected("y"))
    #expect(facts.type("y") == .any && facts.types("more") == [.int, .number])
    #expect(facts.image("y").format == nil && "\(facts.image("y").height)" == "?h")
    guard case .int(4)? = facts.value("more") else {
      Issue.record("the known value is lost")
      return
    }
    #expect(facts.value("x") == nil && facts.value("y") == nil)
  }
}
