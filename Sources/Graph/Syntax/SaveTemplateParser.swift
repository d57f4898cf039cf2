import Language

/// Reads the text of a save template.
struct SaveTemplateParser {
  private let scalars: [Unicode.Scalar]
  private let columns: StringColumns
  private var position = 0

  init(_ text: String, columns: StringColumns) {
    scalars = Array(text.unicodeScalars)
    self.columns = columns
  }

  mutating func parse() throws(Fault) -> [SaveTemplate.Part] {
    var parts: [SaveTemplate.Part] = []
    var text = String.UnicodeScalarView()
    while position < scalars.count {
      let scalar = scalars[position]
      let isDoubled = position + 1 < scalars.count && scalars[position + 1] == scalar
      if scalar == "{" || scalar == "}", isDoubled {
        text.append(scalar)
        position += 2
      } else if scalar == "{" {
        if !text.isEmpty { parts.append(.text(String(text))) }
        text = String.UnicodeScalarView()
        parts.append(.field(try parseField()))
      } else if scalar == "}" {
        throw .strayBrace(at: columns.place(of: position))
      } else {
        text.append(scalar)
        position += 1
      }
    }
    if !text.isEmpty { parts.append(.text(String(text))) }
    return parts
  }

  private mutating func parseField() throws(Fault) -> SaveTemplate.Field {
    let place = columns.place(of: position)
    position += 1
    guard let end = scalars[position...].firstIndex(of: "}") else { throw .openBrace(at: place) }
    var inner = String.UnicodeScalarView()
    inner.append(contentsOf: scalars[position..<end])
    position = end + 1
    let halves = String(inner).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let path = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy({ isName($0) }) else { throw .badField(String(inner), at: place) }
    guard halves.count == 2 else { return SaveTemplate.Field(path: path, digits: nil, place: place) }
    guard let digits = parseDigits(halves[1]) else { throw .badPadding(halves[1], at: place) }
    return SaveTemplate.Field(path: path, digits: digits, place: place)
  }

  /// `01` to `020`.
  private func parseDigits(_ text: String) -> Int? {
    guard text.utf8.first == UInt8(ascii: "0"), text.utf8.count <= 3, let digits = Int(text), digits > 0, digits <= 20
    else { return nil }
    return digits
  }
}
