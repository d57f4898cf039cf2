import FoundationEssentials
import GRDB
import Language
import Tensors

/// Enrolling, listing, removing.
extension SQLiteGallery {
  public func enroll(_ samples: [NewSample], by encoder: EncoderIdentity) throws(Fault) -> Enrolment {
    var units: [[Float]] = []
    for sample in samples {
      guard (1...256).contains(sample.person.utf8.count),
        !sample.person.unicodeScalars.contains(where: { $0.value < 32 })
      else { throw .badPersonName(sample.person) }
      guard sample.embedding.count == encoder.dimension else {
        throw .badEmbedding(sample.person, "has \(sample.embedding.count) numbers, not \(encoder.dimension)")
      }
      guard let unit = UnitVector.of(sample.embedding) else { throw .badEmbedding(sample.person, "has no direction") }
      units.append(unit)
    }
    return try write { db in
      try self.check(db, encoder)
      var done = Enrolment()
      for (sample, unit) in zip(samples, units) {
        if try self.insert(db, sample, unit, encoder) { done.added += 1 } else { done.known += 1 }
      }
      if done.added > 0 { try self.changed(db) }
      return done
    }
  }

  /// Whether the sample was new.
  private func insert(
    _ db: Database, _ sample: NewSample, _ unit: [Float], _ encoder: EncoderIdentity
  ) throws -> Bool {
    let bytes = unit.withUnsafeBytes { Data($0) }
    let digest = unit.withUnsafeBytes { "\(Digest(of: $0))" }
    let known = try self.encoder(db)
    if known == nil {
      try db.execute(
        sql: "INSERT INTO encoder (model, name, recipe, dimension) VALUES (?, ?, ?, ?)",
        arguments: [encoder.model, encoder.name, encoder.recipe, encoder.dimension])
    }
    let encoderID = known?.id ?? db.lastInsertedRowID
    try db.execute(sql: "INSERT OR IGNORE INTO person (name) VALUES (?)", arguments: [sample.person])
    guard let found = try row(db, "SELECT id FROM person WHERE name = ?", [sample.person]) else {
      throw Fault.galleryDamaged(location, "its list of people cannot be read")
    }
    let person: Int64 = try field(found, 0)
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO sample (person, encoder, embedding, digest, source, photo, time)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        person, encoderID, bytes, Data(digest.utf8), sample.source, sample.photo,
        sample.time ?? Date().timeIntervalSince1970,
      ])
    return db.changesCount > 0
  }

  /// Notes that the transaction changed something.
  private func changed(_ db: Database, removes: Bool = false) throws {
    try db.execute(
      sql: "UPDATE gallery SET changes = changes + 1, revision = ?, removals = removals + ?",
      arguments: [Int64.random(in: .min ... .max), removes ? 1 : 0])
  }

  public func people() throws(Fault) -> [PersonSummary] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT name, count(sample.id), coalesce(min(time), 0), coalesce(max(time), 0)
          FROM person LEFT JOIN sample ON sample.person = person.id GROUP BY person.id ORDER BY name
          """)
      return try rows.map {
        PersonSummary(
          name: try self.field($0, 0), samples: try self.field($0, 1), first: try self.field($0, 2),
          last: try self.field($0, 3))
      }
    }
  }

  public func forEachSample(of person: String?, _ body: (Sample) throws(Fault) -> Void) throws(Fault) {
    try read { db in
      guard let dimension = try self.encoder(db)?.identity.dimension else { return }
      if let person { _ = try self.identifier(db, of: person) }
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT sample.id, name, embedding, source, photo, time FROM sample JOIN person ON sample.person = person.id
          WHERE ?1 IS NULL OR name = ?1 ORDER BY sample.id
          """, arguments: [person])
      while let row = try rows.next() {
        try body(
          Sample(
            id: try self.field(row, 0), person: try self.field(row, 1),
            embedding: try self.embedding(row, 2, dimension), source: try self.field(row, 3),
            photo: try self.field(row, 4), time: try self.field(row, 5)))
      }
    }
  }

  public func remove(_ person: String) throws(Fault) -> Int {
    let count: Int = try write { db in
      let id = try self.identifier(db, of: person)
      let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM sample WHERE person = ?", arguments: [id]) ?? 0
      try db.execute(sql: "DELETE FROM person WHERE id = ?", arguments: [id])
      if try Int.fetchOne(db, sql: "SELECT count(*) FROM sample") == 0 {
        // An empty gallery takes any encoder.
        try db.execute(sql: "DELETE FROM encoder")
      }
      try self.changed(db, removes: true)
      return count
    }
    // They hold what was removed.
    for rule in MatchRule.allCases { MatrixFile.remove(MatrixFile.path(location, rule)) }
    return count
  }

  public func setThreshold(_ distance: Double) throws(Fault) {
    try write { db in
      try db.execute(sql: "UPDATE gallery SET threshold = ? WHERE threshold IS NOT ?", arguments: [distance, distance])
      if db.changesCount > 0 { try self.changed(db) }
    }
  }

  /// A person's identifier.
  func identifier(_ db: Database, of person: String) throws -> Int64 {
    if let row = try row(db, "SELECT id FROM person WHERE name = ?", [person]) { return try field(row, 0) }
    let names = try String.fetchAll(db, sql: "SELECT name FROM person ORDER BY name LIMIT 10000")
    throw Fault.noSuchPerson(person, location, names)
  }
}
