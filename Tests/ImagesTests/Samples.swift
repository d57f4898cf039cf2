import Foundation
import Images
import Language
import Tensors
import TestSupport

/// Where this suite's pictures lie, and small pictures made in memory.
enum Samples {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

  static func bytes(_ url: URL) -> [UInt8] { [UInt8](try! Data(contentsOf: url)) }
  static func fixture(_ name: String) -> [UInt8] { bytes(fixtures.appendingPathComponent(name)) }

  /// Path of an entry of pillow.json, or nil for one of the absent assets.
  static func path(_ entry: String) -> String? {
    if entry.hasPrefix("fixtures/") { return fixtures.appendingPathComponent(String(entry.dropFirst(9))).path }
    return Assets.present ? Assets.path("images/" + entry) : nil
  }

  /// The names in a folder of the assets' `images`, sorted; empty where the assets are absent.
  static func names(_ folder: String) -> [String] {
    guard Assets.present else { return [] }
    let all = (try? FileManager.default.contentsOfDirectory(atPath: Assets.path("images/" + folder))) ?? []
    return all.sorted()
  }

  /// A picture whose samples are all different from their neighbours, the same every time.
  static func picture(_ format: PixelFormat, width: Int = 7, height: Int = 5) -> Image {
    let count = width * height * format.channels
    return format.bits == 8
      ? Image(
        format: format,
        pixels: Tensor(shape: [height, width, format.channels], (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }))
      : Image(
        format: format,
        pixels: Tensor(
          shape: [height, width, format.channels], (0..<count).map { UInt16(truncatingIfNeeded: $0 * 9973) }))
  }

  static func grey(_ rows: [[UInt8]]) -> Image {
    Image(format: .grey8, pixels: Tensor(shape: [rows.count, rows[0].count, 1], rows.flatMap { $0 }))
  }

  /// The message of the fault that `body` throws, or nil.
  static func message(_ body: () throws(Fault) -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return error.message
    }
  }

  /// A fresh folder, removed after `body`.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-images-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }
}

/// pillow.json: what Pillow makes of every valid picture (Tools/reference/image-digests.py).
struct Reference: Decodable {
  struct Entry: Decodable {
    let size: [Int]
    let format: String
    let digest: String
  }
  let files: [String: Entry]

  static let pillow = try! JSONDecoder().decode(Reference.self, from: Data(Samples.fixture("pillow.json")))
}
