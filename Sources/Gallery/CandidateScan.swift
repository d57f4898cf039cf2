import Kernels
import Tensors
import Workers

/// Finds the rows of matrices that can be among the best matches of a query, reading each matrix once for all queries.
///
/// Scores from codes are off by at most m (`EmbeddingCodes.margin`). Let t be the score by codes of the k-th best person.
/// At least k people then have an exact score of t - m or more, so everybody among the exact k best has one too, and thus
/// a score by codes of t - 2m or more. Of a person with best score b by codes, the row with the best exact score has b - 2m
/// or more, by the same reasoning. All rows above both bounds are candidates; the exact best are found among them.
enum CandidateScan {
  struct Candidate {
    let sample: Int64
    let person: Int64
    let score: Float
  }

  /// Rows that a thread claims at a time, and rows whose codes stay in its cache while all queries pass.
  private static let claim = 8192
  private static let block = 1024

  /// Candidates per query. Queries are unit vectors.
  static func scan(_ matrices: [EmbeddingMatrix], _ queries: [[Float]], top: Int) -> [[Candidate]] {
    guard !queries.isEmpty, let stride = matrices.first?.stride else { return queries.map { _ in [] } }
    let margin = matrices.map { EmbeddingCodes.margin(error: $0.error, stride: stride) }.max()!
    var padded: [Float] = []
    for query in queries { padded += query + Array(repeating: 0, count: stride - query.count) }
    let chunks = matrices.flatMap { matrix in
      Swift.stride(from: 0, to: matrix.rows, by: claim).map { (matrix, $0..<min($0 + claim, matrix.rows)) }
    }
    let slots = UnsafeMutableBufferPointer<[Candidate]>.allocate(capacity: chunks.count * queries.count)
    slots.initialize(repeating: [])
    defer {
      slots.deinitialize()
      slots.deallocate()
    }
    padded.withUnsafeBufferPointer { padded in
      Team.shared.parallel(chunks: chunks.count) { chunk in
        let (matrix, rows) = chunks[chunk]
        scan(
          matrix, rows, padded.baseAddress!, count: queries.count, top: top, reach: 2 * margin,
          into: .init(rebasing: slots[(chunk * queries.count)..<((chunk + 1) * queries.count)]))
      }
    }
    return queries.indices.map { query in
      let found = chunks.indices.flatMap { slots[$0 * queries.count + query] }
      return filter(found, top: top, reach: 2 * margin)
    }
  }

  /// One chunk of rows, for all queries.
  private static func scan(
    _ matrix: EmbeddingMatrix, _ rows: Range<Int>, _ queries: UnsafePointer<Float>, count: Int, top: Int, reach: Float,
    into slots: UnsafeMutableBufferPointer<[Candidate]>
  ) {
    var best = Array(repeating: TopPeople(top), count: count)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: block) { scores in
      for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: block) {
        let length = min(block, rows.upperBound - start)
        for query in 0..<count {
          EmbeddingCodes.scores(
            matrix.codes + start * matrix.stride, rows: length, stride: matrix.stride,
            query: queries + query * matrix.stride, into: scores.baseAddress!)
          for row in 0..<length {
            let score = scores[row] * matrix.scales[start + row]
            guard score >= best[query].floor - reach else { continue }
            let person = matrix.people[start + row]
            best[query].offer(person, score)
            slots[query].append(Candidate(sample: matrix.samples[start + row], person: person, score: score))
          }
        }
      }
    }
  }

  /// Drops what later rows have shown to be out of reach.
  private static func filter(_ candidates: [Candidate], top: Int, reach: Float) -> [Candidate] {
    var best: [Int64: Float] = [:]
    for candidate in candidates { best[candidate.person] = max(candidate.score, best[candidate.person] ?? -2) }
    let scores = best.values.sorted(by: >)
    let floor = scores.count > top ? scores[top - 1] : -.infinity
    return candidates.filter { $0.score >= floor - reach && $0.score >= best[$0.person]! - reach }
  }

  /// The best scores of different people.
  struct TopPeople {
    private let top: Int
    private var people: [Int64] = []
    private var scores: [Float] = []
    /// The score of the last of them; minus infinity until there are `top`.
    private(set) var floor = -Float.infinity

    init(_ top: Int) { self.top = top }

    mutating func offer(_ person: Int64, _ score: Float) {
      guard score > floor else { return }
      if let place = people.firstIndex(of: person) {
        guard score > scores[place] else { return }
        scores[place] = score
      } else if people.count < top {
        people.append(person)
        scores.append(score)
      } else {
        let place = scores.indices.min { scores[$0] < scores[$1] }!
        people[place] = person
        scores[place] = score
      }
      if people.count == top { floor = scores.min()! }
    }
  }
}
