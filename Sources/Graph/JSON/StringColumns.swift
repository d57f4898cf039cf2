import Language

/// Where each scalar of a decoded JSON string stands in the file, so that messages about what is inside a string
/// (an expression, a template) can point at it.
public struct StringColumns: Sendable {
  /// Of the opening quote.
  public let opening: Place
  /// Per scalar, columns from the opening quote; nil where the literal holds no escape and they simply count.
  private let offsets: [Int]?

  /// For a string whose literal holds no escape, or whose bytes are not at hand.
  /// - Parameter opening: of the opening quote.
  public init(opening: Place) {
    self.opening = opening
    offsets = nil
  }

  /// For the string that stands in `range` of the file `bytes`, quotes included.
  public init(opening: Place, range: Range<Int>, in bytes: [UInt8]) {
    self.opening = opening
    guard range.count >= 2, range.upperBound <= bytes.count, bytes[range].contains(UInt8(ascii: "\\")) else {
      offsets = nil
      return
    }
    let scalars = Array(String(decoding: bytes[range], as: UTF8.self).unicodeScalars)
    var offsets: [Int] = []
    var column = 1
    while column < scalars.count - 1 {
      offsets.append(column)
      if scalars[column] != "\\" {
        column += 1
      } else if scalars[column + 1] != "u" {
        column += 2
      } else {
        let isLead = scalars[column + 2] == "d" || scalars[column + 2] == "D"
        let isPair = isLead && "89abAB".unicodeScalars.contains(scalars[column + 3])
        column += isPair ? 12 : 6
      }
    }
    offsets.append(column)
    self.offsets = offsets
  }

  /// The place of the scalar with this index; the index behind the last one gives the closing quote.
  public func place(of scalar: Int) -> Place {
    let offset = offsets.map { $0[min(scalar, $0.count - 1)] } ?? scalar + 1
    return opening.advanced(by: offset)
  }
}
