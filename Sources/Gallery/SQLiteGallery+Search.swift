import GRDB
import Language
import Tensors

/// Searching. The matrix of codes narrows everybody down to a few candidates; their stored fp32 numbers decide.
extension SQLiteGallery {
  /// New samples that are scanned beside a matrix before a new one is written.
  private static let tailLimit = 4096

  public func search(
    _ queries: [[Float]], by encoder: EncoderIdentity, top: Int, rule: MatchRule
  ) throws(Fault) -> [[Match]] {
    precondition(top > 0, "nothing is asked for")
    let units = try self.units(queries, encoder)
    return try read { db in
      try self.check(db, encoder)
      let matrices = try self.matrices(db, rule)
      let found = CandidateScan.scan(matrices, units, top: top)
      return try zip(units, found).map { try self.ranked(db, $0, $1, top: top, rule: rule, encoder.dimension) }
    }
  }

  public func compare(
    _ query: [Float], with person: String, by encoder: EncoderIdentity, rule: MatchRule
  ) throws(Fault) -> Match {
    let unit = try units([query], encoder)[0]
    return try read { db in
      try self.check(db, encoder)
      let id = try self.identifier(db, of: person)
      guard let match = try self.match(db, unit, person: id, rule: rule, encoder.dimension) else {
        throw Fault.galleryDamaged(self.location, "\"\(person)\" has no samples")
      }
      return match
    }
  }

  private func units(_ queries: [[Float]], _ encoder: EncoderIdentity) throws(Fault) -> [[Float]] {
    var units: [[Float]] = []
    for query in queries {
      guard query.count == encoder.dimension else {
        throw .badEmbedding("the query", "has \(query.count) numbers, not \(encoder.dimension)")
      }
      guard let unit = UnitVector.of(query) else { throw .badEmbedding("the query", "has no direction") }
      units.append(unit)
    }
    return units
  }

  /// Exact scores of the candidates, best first.
  private func ranked(
    _ db: Database, _ query: [Float], _ candidates: [CandidateScan.Candidate], top: Int, rule: MatchRule,
    _ dimension: Int
  ) throws -> [Match] {
    var best: [Int64: Match] = [:]
    for candidate in candidates {
      let match =
        rule == .best
        ? try sample(db, query, candidate.sample, dimension)
        : try self.match(db, query, person: candidate.person, rule: .mean, dimension)
      guard let match else { throw Fault.galleryDamaged(location, "a sample is missing from it") }
      if let known = best[candidate.person], known.cosine >= match.cosine { continue }
      best[candidate.person] = match
    }
    return Array(
      best.values.sorted { a, b in a.cosine != b.cosine ? a.cosine > b.cosine : a.person < b.person }.prefix(top))
  }

  private func sample(_ db: Database, _ query: [Float], _ id: Int64, _ dimension: Int) throws -> Match? {
    let statement = try db.cachedStatement(
      sql: "SELECT embedding, name, source FROM sample JOIN person ON sample.person = person.id WHERE sample.id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
    let cosine = UnitVector.dot(query, try embedding(row, 0, dimension))
    return Match(person: try field(row, 1), cosine: cosine, source: try field(row, 2))
  }

  /// The match with a person by all samples; nil when there are none.
  private func match(
    _ db: Database, _ query: [Float], person: Int64, rule: MatchRule, _ dimension: Int
  ) throws -> Match? {
    let statement = try db.cachedStatement(
      sql: """
        SELECT embedding, name, source FROM sample JOIN person ON sample.person = person.id WHERE person.id = ?
        ORDER BY sample.id
        """)
    let rows = try Row.fetchCursor(statement, arguments: [person])
    var best: Match?
    var all: [[Float]] = []
    while let row = try rows.next() {
      let numbers = try embedding(row, 0, dimension)
      if rule == .mean { all.append(numbers) }
      let cosine = UnitVector.dot(query, numbers)
      if cosine > best?.cosine ?? -.infinity {
        best = Match(person: try field(row, 1), cosine: cosine, source: try field(row, 2))
      }
    }
    guard rule == .mean, let name = best?.person else { return best }
    // Samples that cancel out match nobody.
    return Match(person: name, cosine: UnitVector.mean(all).map { UnitVector.dot(query, $0) } ?? -1, source: "")
  }

  // MARK: Matrices

  /// The matrices of the present state: what is mapped already, what lies beside the gallery, or a new one.
  private func matrices(_ db: Database, _ rule: MatchRule) throws -> [EmbeddingMatrix] {
    let state = try version(db)
    guard let dimension = try encoder(db)?.identity.dimension else { return [] }
    let path = MatrixFile.path(location, rule)
    var hasher = ContentHasher()
    hasher.combine(state.uuid)
    hasher.combine(rule.rawValue)
    let gallery = hasher.digest
    if let known = MatrixCache.shared.find(path, gallery: gallery, revision: state.revision) { return known }
    var origin = EmbeddingMatrix.Origin(
      gallery: gallery, revision: state.revision, removals: state.removals, lastSample: 0)
    var result: [EmbeddingMatrix]?
    if let stored = MatrixFile.open(path), stored.origin.gallery == gallery, stored.dimension == dimension {
      if stored.origin.revision == state.revision {
        result = [stored]
      } else if rule == .best, stored.origin.removals == state.removals {
        let new =
          try Int.fetchOne(
            db, sql: "SELECT count(*) FROM sample WHERE id > ?", arguments: [stored.origin.lastSample]) ?? 0
        if new <= max(SQLiteGallery.tailLimit, stored.rows / 8) {
          result = [stored, try samples(db, after: stored.origin.lastSample, count: new, dimension, &origin)]
        }
      }
    }
    if result == nil {
      let whole =
        rule == .best
        ? try samples(db, after: 0, count: try count(db, "sample"), dimension, &origin)
        : try means(db, count: try count(db, "person"), dimension, origin)
      MatrixFile.write(whole, to: path)
      result = [whole]
    }
    MatrixCache.shared.put(result!, path, revision: state.revision)
    return result!
  }

  private func count(_ db: Database, _ table: String) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
  }

  private func samples(
    _ db: Database, after last: Int64, count: Int, _ dimension: Int, _ origin: inout EmbeddingMatrix.Origin
  ) throws -> EmbeddingMatrix {
    var builder = EmbeddingMatrix.Builder(dimension: dimension, capacity: count)
    let rows = try Row.fetchCursor(
      db, sql: "SELECT id, person, embedding FROM sample WHERE id > ? ORDER BY id", arguments: [last])
    while let row = try rows.next() {
      guard builder.rows < count else { throw Fault.galleryDamaged(location, "it holds more samples than it counts") }
      let id: Int64 = try field(row, 0)
      builder.add(try embedding(row, 2, dimension), sample: id, person: try field(row, 1))
      origin.lastSample = id
    }
    return builder.build(origin)
  }

  private func means(
    _ db: Database, count: Int, _ dimension: Int, _ origin: EmbeddingMatrix.Origin
  ) throws -> EmbeddingMatrix {
    var builder = EmbeddingMatrix.Builder(dimension: dimension, capacity: count)
    var person: Int64?
    var all: [[Float]] = []
    func close() throws {
      guard let person, let mean = UnitVector.mean(all) else { return }
      guard builder.rows < count else { throw Fault.galleryDamaged(location, "it holds more people than it counts") }
      builder.add(mean, sample: person, person: person)
    }
    let rows = try Row.fetchCursor(db, sql: "SELECT person, embedding FROM sample ORDER BY person, id")
    while let row = try rows.next() {
      let next: Int64 = try field(row, 0)
      if next != person {
        try close()
        all = []
        person = next
      }
      all.append(try embedding(row, 1, dimension))
    }
    try close()
    return builder.build(origin)
  }
}
