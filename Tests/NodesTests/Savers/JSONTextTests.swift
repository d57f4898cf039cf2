import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct JSONTextTests {
  @Test func `small values are written inline`() {
    let record = Value.record(
      Record([
        ("name", .string("a \"b\"\n")), ("score", .number(0.1)), ("n", .int(3)), ("none", .none), ("ok", .bool(true)),
      ]))
    #expect(JSONText.of(record) == #"{"name":"a \"b\"\n","score":0.1,"n":3,"none":null,"ok":true}"#)
    #expect(JSONText.of(.list([.number(1), .number(.nan), .number(-.infinity)])) == "[1.0,null,null]")
    #expect(JSONText.of(.table(Table(columns: ["a", "b"], rows: [[1, 2.5]]))) == #"[{"a":1.0,"b":2.5}]"#)
    #expect(JSONText.of(.file("x/y.png")) == #""x/y.png""#)
  }

  @Test func `tensors nest as their shape says, in their own precision`() {
    #expect(JSONText.of(.tensor(Tensor(shape: [2, 2], [Float(0.1), 2, 3, .nan]))) == "[[0.1,2.0],[3.0,null]]")
    #expect(JSONText.of(.tensor(Tensor.scalar(0.5))) == "0.5")
    #expect(JSONText.of(.tensor(Tensor(shape: [2, 0], [Float]()))) == "[[],[]]")
    #expect(JSONText.of(.tensor(Tensor(shape: [2], [Int64.max, -1]))) == "[9223372036854775807,-1]")
    #expect(JSONText.of(.tensor(Tensor(shape: [2], [UInt8(7), 255]))) == "[7,255]")
    #expect(JSONText.of(.tensor(.zeros(.f32, shape: [4096]))) != nil)
    #expect(JSONText.of(.tensor(.zeros(.f32, shape: [4097]))) == nil)
  }

  @Test func `what holds a picture has no inline form`() {
    #expect(JSONText.of(.list([.int(1), .image(plain(.grey8, height: 1, width: 1, [0]))])) == nil)
  }
}
