import Language

/// Wording of what can go wrong with lists, records and tables.
extension Fault {
  static func noSuchItem(_ index: Int, _ count: Int) -> Fault {
    .failed("there is no element \(index) in a list of \(count)")
  }

  static func noSuchField(_ name: String, _ names: [String]) -> Fault {
    .failed(
      "the record has no field \"\(name)\"\(Suggestion.phrase(for: name, in: names)); it has "
        + names.joined(separator: ", "))
  }

  static func noSuchColumn(_ name: String, of names: [String]) -> Fault {
    .failed(
      "the table has no column \"\(name)\"\(Suggestion.phrase(for: name, in: names)); it has "
        + names.joined(separator: ", "))
  }

  static func unequalRows(_ counts: [Int]) -> Fault {
    .shape("the inner lists differ in length: \(counts.map(String.init).joined(separator: ", "))")
  }
}
