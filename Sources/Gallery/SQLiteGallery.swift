import FoundationEssentials
import GRDB
import Language
import Synchronization
import Tensors

/// A gallery in one SQLite file, mode 0600.
///
/// The rollback journal keeps it one file and whole: a process that dies inside a transaction leaves nothing of it. Other
/// processes wait for each other, up to half a minute. What is deleted is overwritten.
public final class SQLiteGallery: FaceStore {
  public let location: String
  let queue: DatabaseQueue

  private static let patience = 30.0

  /// Opens a gallery.
  ///
  /// - Parameter create: whether one is made where none is.
  /// - Throws: when there is none, or the file is something else.
  public init(_ path: String, create: Bool = false) throws(Fault) {
    location = path
    if try !GalleryFile.exists(path) {
      guard create else { throw .noGallery(path) }
      try GalleryFile.create(path)
    }
    let isReadOnly = !create && !GalleryFile.isWritable(path)
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.busyMode = .timeout(SQLiteGallery.patience)
    configuration.label = "weft.gallery"
    configuration.prepareDatabase { db in
      // Files come from anywhere: nothing in a schema is trusted, damaged cells are looked for.
      try db.execute(
        sql:
          "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL"
      )
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let isKnown = try queue.read { try GallerySchema.isInstalled($0, path: path) }
      if !isKnown { try queue.write { try GallerySchema.install($0, path: path) } }
    } catch { throw SQLiteGallery.fault(error, path) }
  }

  /// What went wrong, in the words of this layer.
  static func fault(_ error: any Error, _ path: String) -> Fault {
    switch error {
    case let fault as Fault: return fault
    case let error as DatabaseError:
      let why = error.message ?? "\(error.resultCode)"
      switch error.resultCode {
      case .SQLITE_NOTADB: return .notAGallery(path, why)
      case .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_FORMAT: return .galleryDamaged(path, why)
      default: return .galleryFailed(path, why)
      }
    default: return .galleryFailed(path, "\(error)")
    }
  }

  func read<T>(_ body: (Database) throws -> T) throws(Fault) -> T {
    do { return try queue.read(body) } catch { throw SQLiteGallery.fault(error, location) }
  }

  /// A transaction that takes the lock at once, so that no other writer comes between its reads and its writes.
  func write<T>(_ body: (Database) throws -> T) throws(Fault) -> T {
    do { return try queue.write(body) } catch { throw SQLiteGallery.fault(error, location) }
  }

  // MARK: What the gallery is

  public func state() throws(Fault) -> GalleryState { try read { try self.state($0) } }

  func state(_ db: Database) throws -> GalleryState {
    let version = try version(db)
    let row = try row(
      db, "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM sample), threshold FROM gallery")!
    return GalleryState(
      version: version, people: try field(row, 0), samples: try field(row, 1), threshold: try optional(row, 2))
  }

  public func identity() throws(Fault) -> Digest { try read { try self.version($0).digest } }

  public func threshold() throws(Fault) -> Double? {
    try read { db in
      guard let row = try self.row(db, "SELECT threshold FROM gallery") else {
        throw Fault.galleryDamaged(self.location, "it has lost its identity")
      }
      return try self.optional(row, 0)
    }
  }

  func version(_ db: Database) throws -> GalleryVersion {
    guard let row = try row(db, "SELECT uuid, changes, revision, removals FROM gallery") else {
      throw Fault.galleryDamaged(location, "it has lost its identity")
    }
    return GalleryVersion(
      uuid: try field(row, 0), changes: try field(row, 1), revision: try field(row, 2), removals: try field(row, 3))
  }

  public func encoder() throws(Fault) -> EncoderIdentity? { try read { try self.encoder($0)?.identity } }

  func encoder(_ db: Database) throws -> (id: Int64, identity: EncoderIdentity)? {
    guard let row = try row(db, "SELECT id, model, name, recipe, dimension FROM encoder ORDER BY id LIMIT 1") else {
      return nil
    }
    let dimension: Int = try field(row, 4)
    guard (1...65536).contains(dimension) else {
      throw Fault.galleryDamaged(location, "its embeddings are said to have \(dimension) numbers")
    }
    return (
      try field(row, 0),
      EncoderIdentity(
        model: try field(row, 1), name: try field(row, 2), recipe: try field(row, 3), dimension: dimension)
    )
  }

  /// Refuses what was made by another encoder than the embeddings in the gallery.
  func check(_ db: Database, _ given: EncoderIdentity) throws {
    guard let holds = try encoder(db)?.identity, !holds.matches(given) else { return }
    throw Fault.otherEncoder(location, holds: holds, given: given)
  }

  // MARK: Reading rows that may be damaged

  func row(_ db: Database, _ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
    try Row.fetchOne(db, sql: sql, arguments: arguments)
  }

  func field<T: DatabaseValueConvertible>(_ row: Row, _ index: Int) throws -> T {
    guard let value: T = try optional(row, index) else {
      throw Fault.galleryDamaged(location, "a field of it is missing")
    }
    return value
  }

  func optional<T: DatabaseValueConvertible>(_ row: Row, _ index: Int) throws -> T? {
    let value: DatabaseValue = row[index]
    if value.isNull { return nil }
    guard let result = T.fromDatabaseValue(value) else {
      throw Fault.galleryDamaged(location, "a field of it is of the wrong kind")
    }
    return result
  }

  /// The numbers of an embedding.
  func embedding(_ row: Row, _ index: Int, _ dimension: Int) throws -> [Float] {
    try row.withUnsafeData(atIndex: index) { data in
      guard let data, data.count == 4 * dimension else {
        throw Fault.galleryDamaged(location, "an embedding does not have \(dimension) numbers")
      }
      let numbers = data.withUnsafeBytes { bytes in
        (0..<dimension).map {
          Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
      }
      // Of length 1 but for rounding: all bounds of the search rest on it.
      let length = UnitVector.dot(numbers, numbers)
      guard abs(length - 1) < 1e-4 else { throw Fault.galleryDamaged(location, "an embedding does not have length 1") }
      return numbers
    }
  }
}
