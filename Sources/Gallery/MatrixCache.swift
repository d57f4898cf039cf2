import Synchronization
import Tensors

/// The matrices that this process has open, so that a run over many photos maps and checks each only once.
final class MatrixCache: Sendable {
  static let shared = MatrixCache()

  private let matrices = Mutex<[String: (matrices: [EmbeddingMatrix], revision: Int64)]>([:])

  /// The matrices of a file, if they were made from this state of it.
  func find(_ path: String, gallery: Digest, revision: Int64) -> [EmbeddingMatrix]? {
    matrices.withLock { known in
      guard let entry = known[path], entry.revision == revision, entry.matrices.first?.origin.gallery == gallery else {
        return nil
      }
      return entry.matrices
    }
  }

  func put(_ found: [EmbeddingMatrix], _ path: String, revision: Int64) {
    matrices.withLock { $0[path] = (found, revision) }
  }

  func drop(_ path: String) { matrices.withLock { _ = $0.removeValue(forKey: path) } }
}
