import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct ControlTests {
  @Test func `a condition is true or false`() throws {
    #expect(try infer(If.op, [:], ["condition": true]).isEmpty)
    #expect(
      message { _ = try infer(If.op, [:], ["condition": 1]) }
        == "param \"condition\" takes true or false, not an integer")
    #expect(If.op.structure == ["then", "else"] && Loop.op.structure.contains("state"))
  }
}
