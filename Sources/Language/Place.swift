/// A position in a text file that a person wrote. Lines and columns count from 1; columns count Unicode scalars.
public struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
  private let source: SourceFile
  private let lineNumber: UInt32
  private let columnNumber: UInt32

  public init(_ source: SourceFile, line: Int, column: Int) {
    self.source = source
    lineNumber = UInt32(clamping: line)
    columnNumber = UInt32(clamping: column)
  }

  public init(file: String, line: Int, column: Int) { self.init(SourceFile(file), line: line, column: column) }

  /// The path as the user named it.
  public var file: String { source.path }
  public var line: Int { Int(lineNumber) }
  public var column: Int { Int(columnNumber) }

  /// The place so many columns further on.
  public func advanced(by columns: Int) -> Place { Place(source, line: line, column: column + columns) }

  public var description: String { "\(file):\(line):\(column)" }

  public static func < (a: Place, b: Place) -> Bool {
    a.source == b.source ? (a.line, a.column) < (b.line, b.column) : a.file < b.file
  }
}
