import Foundation

/// The real models, photos and reference numbers that some tests need. They are not part of the project: the folder
/// is `WEFT_ASSETS`, or `../shared/assets` beside the checkout; tests that need it are skipped where it is absent.
public enum Assets {
  public static let root: URL? = {
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates =
      [ProcessInfo.processInfo.environment["WEFT_ASSETS"].map { URL(fileURLWithPath: $0) }].compactMap { $0 }
      + [checkout.deletingLastPathComponent().appendingPathComponent("shared/assets")]
    return candidates.first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("MANIFEST.md").path) }
  }()

  public static var present: Bool { root != nil }

  /// The message of a skipped test.
  public static let absent: String = "the assets folder is absent (set WEFT_ASSETS to a copy)"

  /// The path of one asset. Call only from tests that are enabled by `present`.
  public static func path(_ name: String) -> String { root!.appendingPathComponent(name).path }
}

extension Assets {
  /// The first byte of a file; nil when it is absent or empty.
  public static func firstByte(_ path: String) -> UInt8? {
    (try? Data(contentsOf: URL(fileURLWithPath: path)))?.first
  }

  /// A fresh folder for one test; the caller removes it.
  public static func temporaryFolder() -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

extension Assets {
  public static func remove(_ folder: URL) { try? FileManager.default.removeItem(at: folder) }
}
