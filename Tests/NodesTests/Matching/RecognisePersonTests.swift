import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct RecognisePersonTests {
  private func ask(
    _ code: [Float], _ settings: [String: Literal], name: String? = nil
  ) throws -> [Value] {
    let people: [[Float]] = [[1, 0], [0, 1]]
    var inputs: KeyValuePairs<String, Value> = [
      "code": .tensor(Tensor(shape: [1, code.count], code)),
      "codes": .list(people.map { .tensor(Tensor(shape: [1, 2], $0)) }),
      "names": .list([.string("younes"), .string("kian")]),
    ]
    if let name {
      inputs = [
        "code": inputs[0].value, "codes": inputs[1].value, "names": inputs[2].value, "name": .string(name),
      ]
    }
    return try run(RecognisePerson.op, inputs, settings)
  }

  @Test func theDoorSaysTheCoursesLines() throws {
    let welcome = try ask([0.6, 0], ["mode": "verify"], name: "younes")
    #expect(welcome[3].text == "It's younes, welcome home!" && JSONText.of(welcome[1]) == "true")
    #expect(abs(try #require(welcome[0].scalar) - 0.4) < 1e-7)
    let away = try ask([0.6, 0], ["mode": "verify"], name: "kian")
    #expect(away[3].text == "It's not kian, please go away" && JSONText.of(away[1]) == "false")
  }

  @Test func whoIsItTakesTheNearest() throws {
    let found = try ask([0.5, 0], ["mode": "who_is_it"])
    #expect(found[3].text == "it's younes, the distance is 0.5" && found[2].text == "younes")
    let nobody = try ask([0.5, 0.5], ["mode": "who_is_it"])
    #expect(nobody[3].text == "Not in the database." && JSONText.of(nobody[1]) == "false")
    #expect(nobody[2].text == "younes")
  }

  @Test func whatIsMissingIsSaid() {
    #expect(
      message { _ = try ask([1, 0], ["mode": "verify"], name: "younis") }
        == "nobody is called \"younis\" (did you mean \"younes\"?); there are younes, kian")
    #expect(
      message {
        _ = try infer(
          RecognisePerson.op, ["code": "tensor<f32>", "codes": "list<tensor>", "names": "list<string>"],
          ["mode": "verify"])
      } == "mode verify needs the input \"name\"")
    #expect(message { _ = try ask([1, 0, 0], ["mode": "who_is_it"]) }.contains("embeddings of 3 and of 2 numbers"))
  }
}
