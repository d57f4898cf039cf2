import Language
import Tensors

/// A store of enrolled faces. `SQLiteGallery` keeps them in one file; a server's database would be another one.
///
/// Every call is a transaction: it happens as a whole or, when the process dies, not at all.
public protocol FaceStore: Sendable {
  /// Where the store is, for messages.
  var location: String { get }

  func state() throws(Fault) -> GalleryState

  /// What tells this state from every other one; cheap, unlike `state`, which counts.
  func identity() throws(Fault) -> Digest

  /// A distance between embeddings of length 1 that a calibration recommends; nil where none has been kept.
  func threshold() throws(Fault) -> Double?

  /// What made the embeddings; nil while there are none.
  func encoder() throws(Fault) -> EncoderIdentity?

  /// Adds samples, all or none. What is there already, to the bit, is left alone, so that enrolling again changes nothing.
  ///
  /// - Throws: when the embeddings were made by another model or recipe than those in the store.
  func enroll(_ samples: [NewSample], by encoder: EncoderIdentity) throws(Fault) -> Enrolment

  /// Sorted by name.
  func people() throws(Fault) -> [PersonSummary]

  /// Calls `body` with each sample, in the order of enrolment; of one person or of all.
  func forEachSample(of person: String?, _ body: (Sample) throws(Fault) -> Void) throws(Fault)

  /// Removes a person with all samples, and gives how many there were.
  func remove(_ person: String) throws(Fault) -> Int

  /// Keeps the threshold that a calibration recommends.
  func setThreshold(_ distance: Double) throws(Fault)

  /// For each query the people nearest to it, nearest first, at most `top`; ties in the order of names.
  ///
  /// - Throws: when the queries were made by another model or recipe than the embeddings in the store.
  func search(
    _ queries: [[Float]], by encoder: EncoderIdentity, top: Int, rule: MatchRule
  ) throws(Fault) -> [[Match]]

  /// The match with one person.
  ///
  /// - Throws: when nobody is called that, or the query was made by another model or recipe.
  func compare(
    _ query: [Float], with person: String, by encoder: EncoderIdentity, rule: MatchRule
  ) throws(Fault) -> Match
}
