import Gallery
import Nodes

/// What is said of galleries.
enum GalleryReport {
  static func summary(_ state: GalleryState, _ encoder: EncoderIdentity?) -> String {
    var text =
      "\(state.people) \(state.people == 1 ? "person" : "people"), \(state.samples) "
      + (state.samples == 1 ? "face" : "faces")
    if let encoder {
      text +=
        "; \(encoder.dimension) numbers by \(encoder.name.isEmpty ? "the model" : encoder.name) "
        + "(\(encoder.model.prefix(8)))" + (encoder.recipe.isEmpty ? "" : ", recipe \"\(encoder.recipe)\"")
    }
    if let threshold = state.threshold { text += "; threshold \(Float(threshold))" }
    return text
  }

  static func line(_ person: PersonSummary) -> String { "\(person.name)\t\(person.samples)" }

  static func json(_ state: GalleryState, _ people: [PersonSummary], _ encoder: EncoderIdentity?) -> String {
    func text(_ value: String?) -> String { value.map(JSONText.quoted) ?? "null" }
    let list = people.map { person in
      "{\"name\":\(text(person.name)),\"faces\":\(person.samples),\"first\":\(JSONText.number(person.first)),"
        + "\"last\":\(JSONText.number(person.last))}"
    }
    return "{\"uuid\":\(text(state.uuid)),\"changes\":\(state.changes),\"faces\":\(state.samples),"
      + "\"threshold\":\(state.threshold.map(JSONText.number) ?? "null"),\"model\":\(text(encoder?.model)),"
      + "\"encoder\":\(text(encoder?.name)),\"recipe\":\(text(encoder?.recipe)),\"people\":[\(list.joined(separator: ","))]}"
  }
}
