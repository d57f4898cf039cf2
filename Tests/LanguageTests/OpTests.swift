import TestSupport
import Testing

@testable import Language

@Suite struct OpTests {
  let op = Op(
    "t.op", doc: "", inputs: [], outputs: [],
    params: [
      Param("size", .int(.positive), "needed"), Param("mode", .choice(["a", "b"]), default: "a", ""),
      Param("extra", .number(.all), default: .null, ""),
    ], infer: { _ throws(Fault) in [] }, action: .control(.loop))

  @Test func defaultsAreFilledIn() {
    let (attributes, faults) = op.attributes(["size": 4])
    #expect(faults == [] && attributes.values == ["size": 4, "mode": "a", "extra": .null])
  }

  @Test func everyFaultIsTold() {
    let (_, faults) = op.attributes(["mode": "c", "siz": 3])
    #expect(
      faults.map(\.message) == [
        "t.op needs the param \"size\": an integer of at least 1",
        "param \"mode\" cannot be \"c\"; it is one of \"a\", \"b\"",
        "t.op has no param \"siz\" (did you mean \"size\"?); it has size, mode, extra",
      ])
  }
}
