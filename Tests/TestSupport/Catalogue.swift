import Foundation
import Testing

/// A folder of inputs, each with the exact text that is expected of it beside it: `name.json` and `name.txt`.
/// With `WEFT_RECORD` set, a run writes the texts instead of comparing them.
public struct Catalogue: Sendable {
  public struct Case: Sendable, CustomTestStringConvertible {
    public let name: String
    public let input: URL
    public let expected: URL

    public var testDescription: String { name }
    /// The name that messages about the input show.
    public var fileName: String { input.lastPathComponent }
    public var bytes: [UInt8] { get throws { Array(try Data(contentsOf: input)) } }
  }

  public let cases: [Case]

  /// - Parameter source: the `#filePath` of the test; `folder` is looked for under `Tests/<Target>/Fixtures`.
  public init(_ folder: String, ending: String = "json", source: String = #filePath) {
    let parts = source.split(separator: "/", omittingEmptySubsequences: false)
    let tests = parts.lastIndex(of: "Tests")!
    let root = URL(fileURLWithPath: parts[...(tests + 1)].joined(separator: "/")).appendingPathComponent("Fixtures")
      .appendingPathComponent(folder)
    let files = (try? FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)) ?? []
    cases = files.filter { $0.pathExtension == ending }.map { file in
      Case(
        name: file.deletingPathExtension().lastPathComponent, input: file,
        expected: file.deletingPathExtension().appendingPathExtension("txt"))
    }.sorted { $0.name < $1.name }
  }

  public static var isRecording: Bool { ProcessInfo.processInfo.environment["WEFT_RECORD"] != nil }

  /// The text that is expected of a case; nil where there is none. While recording, `actual` becomes it.
  public static func expected(of entry: Case, actual: String) throws -> String? {
    if isRecording { try actual.write(to: entry.expected, atomically: true, encoding: .utf8) }
    return try? String(contentsOf: entry.expected, encoding: .utf8)
  }
}
