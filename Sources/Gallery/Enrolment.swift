import Tensors

/// What made an embedding. Only embeddings of one identity can be compared with each other.
public struct EncoderIdentity: Sendable, Hashable {
  /// Digest of the model's content.
  public let model: String
  /// The model's name, for people.
  public let name: String
  /// How a face is brought to the model: points, template, size, normalisation.
  public let recipe: String
  /// Numbers per embedding.
  public let dimension: Int

  public init(model: String, name: String, recipe: String, dimension: Int) {
    self.model = model
    self.name = name
    self.recipe = recipe
    self.dimension = dimension
  }

  /// Whether embeddings of both can be compared; names are for people only.
  public func matches(_ other: EncoderIdentity) -> Bool {
    (model, recipe, dimension) == (other.model, other.recipe, other.dimension)
  }
}

/// A face to be enrolled.
public struct NewSample: Sendable {
  public let person: String
  /// Of any length but zero; stored with length 1.
  public let embedding: [Float]
  /// Where the face comes from: a path or any text.
  public let source: String
  /// Digest of the photo's content; empty where there is none.
  public let photo: String
  /// Seconds since 1970; nil: now.
  public let time: Double?

  public init(person: String, embedding: [Float], source: String, photo: String = "", time: Double? = nil) {
    self.person = person
    self.embedding = embedding
    self.source = source
    self.photo = photo
    self.time = time
  }
}

/// What an enrolment did.
public struct Enrolment: Sendable, Equatable {
  /// Samples that are new.
  public var added = 0
  /// Samples that the gallery held already, to the bit.
  public var known = 0

  public init(added: Int = 0, known: Int = 0) { (self.added, self.known) = (added, known) }
}

/// A face that is enrolled; its embedding has length 1.
public struct Sample: Sendable, Equatable {
  public let id: Int64
  public let person: String
  public let embedding: [Float]
  public let source: String
  public let photo: String
  public let time: Double
}

public struct PersonSummary: Sendable, Equatable {
  public let name: String
  public let samples: Int
  /// Seconds since 1970 of the first and the last enrolment.
  public let first: Double
  public let last: Double
}

/// Which state of which gallery: part of the keys of everything that is computed from it.
public struct GalleryVersion: Sendable, Equatable {
  public let uuid: String
  /// Transactions that changed something.
  public let changes: Int
  /// Random, new with every change: tells apart two copies of one file that went different ways.
  public let revision: Int64
  /// Transactions that removed something.
  public let removals: Int

  public var digest: Digest {
    var hasher = ContentHasher()
    hasher.combine("gallery")
    hasher.combine(uuid)
    hasher.combine(changes)
    hasher.combine(Int(revision))
    return hasher.digest
  }
}

/// A gallery as a whole.
public struct GalleryState: Sendable, Equatable {
  public let version: GalleryVersion
  public let people: Int
  public let samples: Int
  /// Recommended by a calibration; a distance between embeddings of length 1.
  public let threshold: Double?

  public var uuid: String { version.uuid }
  public var changes: Int { version.changes }
}

/// A person found.
public struct Match: Sendable, Equatable {
  public let person: String
  /// Cosine of the angle between the embeddings, computed in Double from the stored fp32 numbers.
  public let cosine: Double
  /// Of the sample that is nearest; empty under the mean rule.
  public let source: String

  /// Euclidean distance between the embeddings brought to length 1: sqrt(2 - 2 cosine).
  public var distance: Double { (max(0, 2 - 2 * cosine)).squareRoot() }
}

/// How several samples of one person count.
public enum MatchRule: String, Sendable, CaseIterable {
  /// The sample nearest to the query.
  case best
  /// The mean of the person's embeddings, brought back to length 1.
  case mean
}
