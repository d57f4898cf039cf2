import Images
import Language
import Models
import Synchronization

/// What scenes are made of: pictures of single faces with a record each, and pictures without faces.
final class SceneSources: Sendable {
  struct Portrait: Sendable {
    let path: String
    let box: Box
    let points: [Point]
  }

  let portraits: [Portrait]
  let backgrounds: [String]

  /// Bytes of pictures kept.
  private static let room = 512 << 20

  private struct Kept {
    var pictures: [String: ScenePicture] = [:]
    var bytes = 0
  }

  private let kept = Mutex(Kept())

  /// Beside every picture of `faces` lies NAME.json with the list of its faces, of which the first counts; pictures
  /// without one are left out.
  init(faces: String, backgrounds: String) throws(Fault) {
    var portraits: [Portrait] = []
    for path in try DataFolder.pictures(in: faces) {
      let record = "\(faces)/\(FileStem.stem(path)).json"
      guard FileContent.isFolder(record) == false else { continue }
      if let portrait = try SceneSources.portrait(path, record) { portraits.append(portrait) }
    }
    guard !portraits.isEmpty else { throw .noPortraits(faces) }
    self.portraits = portraits
    self.backgrounds = try DataFolder.pictures(in: backgrounds)
    guard !self.backgrounds.isEmpty else { throw .noExamples(backgrounds) }
  }

  private static func portrait(_ path: String, _ record: String) throws(Fault) -> Portrait? {
    let text = String(decoding: try FileContent.bytes(record), as: UTF8.self)
    let list: Literal
    do throws(Fault) { list = try JSONLiteral.parse(text) } catch { throw .badRows(record, error.message) }
    guard case .array(let faces) = list else { throw .badRows(record, "it is not a list of faces") }
    guard let first = faces.first else { return nil }
    guard case .object(let fields) = first, let box = fields["box"]?.numbers, box.count == 4,
      case .array(let rows)? = fields["points"]
    else { throw .badRows(record, "a face has a box of 4 numbers and points") }
    let points = rows.compactMap(\.numbers).filter { $0.count == 2 }.map { Point($0[0], $0[1]) }
    guard points.count == 5 else { throw .badRows(record, "a face needs 5 points, here are \(points.count)") }
    return Portrait(path: path, box: Box(x1: box[0], y1: box[1], x2: box[2], y2: box[3]), points: points)
  }

  func picture(_ path: String) throws(Fault) -> ScenePicture {
    if let known = kept.withLock({ $0.pictures[path] }) { return known }
    let picture = try ScenePicture(path)
    kept.withLock {
      guard $0.bytes + picture.byteCount <= SceneSources.room, $0.pictures[path] == nil else { return }
      $0.pictures[path] = picture
      $0.bytes += picture.byteCount
    }
    return picture
  }
}

extension Literal {
  /// A list of numbers.
  fileprivate var numbers: [Double]? {
    guard case .array(let items) = self else { return nil }
    let numbers = items.compactMap { item -> Double? in
      switch item {
      case .int(let number): Double(number)
      case .float(let number): number
      default: nil
      }
    }
    return numbers.count == items.count ? numbers : nil
  }
}
