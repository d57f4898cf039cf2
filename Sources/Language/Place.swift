/// A position in a text file that a person wrote. Lines and columns count from 1; columns count Unicode scalars.
public struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The path as the user named it.
  public let file: String
  public let line: Int
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line):\(column)" }

  public static func < (a: Place, b: Place) -> Bool { (a.file, a.line, a.column) < (b.file, b.line, b.column) }
}
