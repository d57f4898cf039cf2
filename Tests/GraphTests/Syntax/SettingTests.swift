import Language
import Testing

@testable import Graph

@Suite struct SettingTests {
  static func read(_ text: String) throws -> (Setting?, [Fault]) {
    let bytes = Array(text.utf8)
    var reader = SyntaxReader(bytes: bytes)
    let setting = Setting(try JSON.parse(bytes, file: "f"), reader: &reader)
    return (setting, reader.faults)
  }

  @Test func anySubtreeMayBeAnExpression() throws {
    let (setting, faults) = try Self.read(
      #"{"w": [1, {"$": "a"}, 2.0], "x": {"y": {"$": "b + a"}}, "z": [null, true, "s"]}"#)
    #expect(faults == [])
    #expect(setting?.names.map(\.name) == ["a", "b", "a"])
    let value = try #require(try setting?.evaluate(in: ["a": .int(5), "b": .float(0.5)]))
    #expect(value.description == #"{"w":[1,5,2.0],"x":{"y":5.5},"z":[null,true,"s"]}"#)
  }

  @Test func faultsOfEvaluationKnowTheirPlaceInTheFile() throws {
    let (setting, _) = try Self.read(#"[1, {"$": "a / 0"}]"#)
    #expect {
      try setting?.evaluate(in: ["a": .int(5)])
    } throws: { error in
      (error as? Fault)?.text == "f:1:14: error[expression]: division by zero"
    }
  }

  @Test func brokenExpressionsAreAllReported() throws {
    let (setting, faults) = try Self.read(#"[{"$": "1 +"}, 2, {"$": "b", "c": 1}, {"$": null}]"#)
    #expect(faults.map { $0.place?.column } == [12, 19, 45])
    #expect(try setting?.evaluate(in: ["b": .int(3)]) == .array([.int(2), .int(3)]))
  }
}
