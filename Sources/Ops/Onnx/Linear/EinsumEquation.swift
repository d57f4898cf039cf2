import Language

/// A parsed equation: labels as numbers, those of an ellipsis negative.
struct EinsumEquation {
  let operands: [[Int]]
  let result: [Int]
  private(set) var extents: [Int: Int] = [:]

  init(_ text: String, _ shapes: [[Int]]) throws(Fault) {
    let plain = text.filter { $0 != " " }
    let arrow = plain.split(separator: ">", omittingEmptySubsequences: false)
    guard arrow.count <= 2, arrow.count == 1 || arrow[0].hasSuffix("-") else {
      throw .equation(text, "it has two arrows")
    }
    let left = arrow.count == 2 ? arrow[0].dropLast() : arrow[0]
    let terms = left.split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == shapes.count else {
      throw .equation(text, "it names \(terms.count) inputs, but there are \(shapes.count)")
    }
    var operands: [[Int]] = []
    var widest = 0
    for (term, shape) in zip(terms, shapes) {
      let labels = try EinsumEquation.labels(term, rank: shape.count, text)
      widest = max(widest, labels.count { $0 < 0 })
      operands.append(labels)
      for (label, extent) in zip(labels, shape) {
        let known = extents[label] ?? 1
        guard known == extent || known == 1 || extent == 1 else {
          throw .equation(text, "a label stands for extents of \(known) and \(extent)")
        }
        extents[label] = max(known, extent) == 1 ? extent : known == 1 ? extent : known
      }
    }
    self.operands = operands
    let ellipsis = (0..<widest).map { $0 - widest }
    if arrow.count == 2 {
      result = try EinsumEquation.labels(arrow[1], rank: nil, text, ellipsis: ellipsis)
    } else {
      let all = operands.flatMap { $0 }
      result = ellipsis + Set(all).filter { label in label >= 0 && all.count { $0 == label } == 1 }.sorted()
    }
    guard Set(result).count == result.count, result.allSatisfy({ extents[$0] != nil }) else {
      throw .equation(text, "the result repeats a label or names an unknown one")
    }
  }

  /// `a…zA…Z` are the numbers of their characters; an ellipsis stands for what is left of `rank`, the last axis -1.
  private static func labels(
    _ term: Substring, rank: Int?, _ text: String, ellipsis: [Int] = []
  ) throws(Fault) -> [Int] {
    var labels: [Int] = []
    var hidden: Int?
    var rest = term
    while let character = rest.first {
      if rest.hasPrefix("...") {
        guard hidden == nil else { throw .equation(text, "a term has two ellipses") }
        hidden = labels.count
        rest = rest.dropFirst(3)
      } else {
        guard character.isASCII, character.isLetter, let code = character.asciiValue else {
          throw .equation(text, "\"\(character)\" is no label")
        }
        labels.append(Int(code))
        rest = rest.dropFirst()
      }
    }
    var inside = ellipsis
    if let rank {
      guard hidden == nil ? labels.count == rank : labels.count <= rank else {
        throw .equation(text, "\"\(term)\" does not name the axes of a tensor of rank \(rank)")
      }
      inside = (0..<(rank - labels.count)).map { $0 - (rank - labels.count) }
    }
    if let hidden { labels.insert(contentsOf: inside, at: hidden) }
    return labels
  }
}
