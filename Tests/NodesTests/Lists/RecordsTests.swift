import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct RecordsTests {
  @Test func `fields go in and come out by name`() throws {
    let record = try run(MakeRecord.op, ["values": .int(1), "values": .string("b")], ["names": ["width", "label"]])[0]
    #expect(JSONText.of(record) == #"{"width":1,"label":"b"}"#)
    #expect(try run(Field.op, ["record": record], ["name": "label"])[0].text == "b")
    #expect(
      message { _ = try run(Field.op, ["record": record], ["name": "widht"]) }
        == "the record has no field \"widht\" (did you mean \"width\"?); it has width, label")
  }

  @Test func `names must fit the values`() {
    #expect(
      message { _ = try infer(MakeRecord.op, ["values": "int"], ["names": ["a", "b"]]) } == "2 names for 1 values")
    #expect(
      message { _ = try infer(MakeRecord.op, ["values": "int", "values": "int"], ["names": ["a", "a"]]) }
        == "param \"names\" holds a name twice")
  }

  @Test func fieldsAreAddedAndReplaced() throws {
    let record = Value.record(Record([("a", .int(1)), ("b", .int(2))]))
    let longer = try run(
      Extend.op, ["record": record, "values": .int(3), "values": .int(4)], ["names": .array(["b", "c"])])[0]
    #expect(JSONText.of(longer) == #"{"a":1,"b":3,"c":4}"#)
    #expect(try infer(Extend.op, ["record": "face"], ["names": .array([])]) == ["face"])
    #expect(
      message { _ = try infer(Extend.op, ["record": "record", "values": "int"], ["names": .array(["a", "b"])]) }
        == "2 names for 1 values")
  }
}
