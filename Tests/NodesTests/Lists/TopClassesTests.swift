import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct TopClassesTests {
  @Test func `the best first, by name`() throws {
    let folder = try Scratch()
    let labels = try folder.file("labels.txt", "n02123045 tabby, cat\ndog house\nn1 short\n")
    let scores = Tensor(shape: [1, 3], [0.2, 0.5, 0.3] as [Float])
    let found = try run(TopClasses.op, ["scores": .tensor(scores), "labels": .file(labels)], ["count": 2])
    let names = found[0].list?.compactMap { if case .record(let record) = $0 { record["label"]?.text } else { nil } }
    #expect(names == ["dog house", "n1 short"])
    #expect(found[2].text == "dog house")
    let named = try run(
      TopClasses.op, ["scores": .tensor(scores), "labels": .file(labels)], ["count": 3])[0].list?.last
    guard case .record(let record)? = named else { return #expect(Bool(false)) }
    #expect(record["label"]?.text == "tabby, cat" && record["index"]?.scalar == 0)
    #expect(
      message { _ = try run(TopClasses.op, ["scores": .tensor(.zeros(.f32, shape: [2, 3]))]) }
        == "scores are [2, 3]; one row of numbers is needed")
  }
}
