import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct FailTests {
  @Test func itSaysWhatItIsToldTo() {
    #expect(message { _ = try run(Fail.op, [:], ["message": .string("give a folder")]) } == "give a folder")
  }
}
