import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct RangeTests {
  func items(_ attributes: [String: Literal]) throws -> [Double] {
    try run(ListRange.op, [:], attributes)[0].list!.compactMap(\.scalar)
  }

  @Test func `counts up and down, without the end`() throws {
    #expect(try items(["stop": 3]) == [0, 1, 2])
    #expect(try items(["start": 5, "stop": 0, "step": -2]) == [5, 3, 1])
    #expect(try items(["start": 5, "stop": 0]) == [])
  }

  @Test func `endless and huge ranges are refused`() {
    #expect(message { _ = try infer(ListRange.op, [:], ["stop": 3, "step": 0]) } == "param \"step\" must not be 0")
    #expect(
      message { _ = try infer(ListRange.op, [:], ["stop": 100_000_000]) }
        == "more than 10000000 integers from 0 to 100000000")
  }
}
