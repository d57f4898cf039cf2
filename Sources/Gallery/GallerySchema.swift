import GRDB
import Language

/// The tables of a gallery file, format 1.
///
/// `embedding` holds little-endian fp32 numbers of length 1; `digest` is that of its bytes, so that enrolling the same
/// face of a person again is seen. Identifiers are never used twice: what comes after an identifier is new.
enum GallerySchema {
  static let version = 1

  static let tables = """
    CREATE TABLE gallery (
      id INTEGER PRIMARY KEY CHECK (id = 1), uuid TEXT NOT NULL, changes INTEGER NOT NULL, revision INTEGER NOT NULL,
      removals INTEGER NOT NULL, threshold REAL
    ) STRICT;
    CREATE TABLE encoder (
      id INTEGER PRIMARY KEY, model TEXT NOT NULL, name TEXT NOT NULL, recipe TEXT NOT NULL,
      dimension INTEGER NOT NULL CHECK (dimension BETWEEN 1 AND 65536)
    ) STRICT;
    CREATE TABLE person (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE sample (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
      encoder INTEGER NOT NULL REFERENCES encoder,
      embedding BLOB NOT NULL, digest BLOB NOT NULL, source TEXT NOT NULL, photo TEXT NOT NULL, time REAL NOT NULL,
      UNIQUE (person, digest)
    ) STRICT;
    """

  /// Whether the tables are there; false for an empty database.
  ///
  /// - Throws: for a database of another program, or of a newer version.
  static func isInstalled(_ db: Database, path: String) throws -> Bool {
    func number(_ pragma: String) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA \(pragma)") ?? 0 }
    let (mark, version) = (try number("application_id"), try number("user_version"))
    if mark == GalleryFile.applicationID {
      guard version <= GallerySchema.version else { throw Fault.galleryVersion(path, version) }
      return version == GallerySchema.version
    }
    guard mark == 0, version == 0, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
      throw Fault.notAGallery(path, "it is a database of another program")
    }
    return false
  }

  /// Makes the tables unless another process has, in the transaction of `db`.
  static func install(_ db: Database, path: String) throws {
    if try isInstalled(db, path: path) { return }
    try db.execute(sql: tables)
    try db.execute(
      sql: "INSERT INTO gallery (id, uuid, changes, revision, removals) VALUES (1, ?, 0, ?, 0)",
      arguments: [UniqueName.make(), Int64.random(in: .min ... .max)])
    try db.execute(sql: "PRAGMA application_id = \(GalleryFile.applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(GallerySchema.version)")
  }
}

/// Random UUIDs, version 4 (RFC 9562, section 5.4).
enum UniqueName {
  static func make() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return text
  }
}
