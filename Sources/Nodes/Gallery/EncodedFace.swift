import Gallery
import Glibc
import Language
import Synchronization
import Tensors

/// A face with its embedding, as it comes from an encoder: a tensor, a list of numbers, or a record whose field
/// `embedding` is one of them.
struct EncodedFace {
  let embedding: [Float]
  /// How the face came before the encoder, where the record says so.
  let recipe: String?
  /// The record's other fields.
  let fields: [(name: String, value: Value)]

  init(_ value: Value, _ port: String) throws(Fault) {
    var source: Value? = value
    if case .record(let record) = value {
      source = record["embedding"]
      if case .string(let text)? = record["recipe"] { recipe = text } else { recipe = nil }
      fields = record.fields.filter { !["embedding", "recipe"].contains($0.name) }
    } else {
      (recipe, fields) = (nil, [])
    }
    switch source {
    case .tensor(let tensor)? where tensor.count > 0: embedding = tensor.numbers.map { Float($0) }
    case .list(let items)? where !items.isEmpty:
      let numbers = items.compactMap(\.scalar)
      guard numbers.count == items.count else { throw .wrongValue(port, "face with an embedding", value) }
      embedding = numbers.map { Float($0) }
    default: throw .wrongValue(port, "face with an embedding", value)
    }
  }
}

extension HostCall {
  func encodedFaces(_ port: String) throws(Fault) -> [EncodedFace] {
    var faces: [EncodedFace] = []
    for value in try list(port) { faces.append(try EncodedFace(value, port)) }
    return faces
  }

  /// What made the embeddings of faces, of which there is at least one: the files on the port `model`, and the recipe by
  /// the param or else by what the faces say.
  func encoder(of faces: [EncodedFace]) throws(Fault) -> EncoderIdentity {
    let dimension = faces[0].embedding.count
    for face in faces where face.embedding.count != dimension {
      throw .facesOfDifferentLength(dimension, face.embedding.count)
    }
    var recipe = attributes.string("recipe")
    if recipe.isEmpty {
      recipe = faces[0].recipe ?? ""
      for face in faces where face.recipe ?? "" != recipe {
        throw .facesOfDifferentRecipe(recipe, face.recipe ?? "")
      }
    }
    var names: [String] = []
    var digests: [Digest] = []
    for value in values("model") {
      switch value {
      case .none: continue
      case .file(let path):
        names.append(String(path.split(separator: "/").last ?? ""))
        digests.append(try ModelDigests.shared.digest(path))
      case .string(let text):
        names.append(text)
        digests.append(Digest(of: text))
      default: throw .wrongValue("model", "model", value)
      }
    }
    var hasher = ContentHasher()
    for digest in digests { hasher.combine(digest) }
    return EncoderIdentity(
      model: "\(digests.count == 1 ? digests[0] : hasher.digest)", name: names.joined(separator: " + "),
      recipe: recipe, dimension: dimension)
  }
}

/// Digests of model files; one that has not changed since is not read again.
final class ModelDigests: Sendable {
  static let shared = ModelDigests()

  private struct Known {
    var size: Int
    var seconds: Int
    var nanoseconds: Int
    var inode: UInt
    var digest: Digest
  }

  private let known = Mutex<[String: Known]>([:])

  func digest(_ path: String) throws(Fault) -> Digest {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .cannotRead(path, errno) }
    let (size, time, inode) = (Int(status.st_size), status.st_mtim, UInt(status.st_ino))
    if let found = known.withLock({ $0[path] }), found.size == size, found.seconds == time.tv_sec,
      found.nanoseconds == time.tv_nsec, found.inode == inode
    {
      return found.digest
    }
    let digest = try FileContent.digest(path)
    known.withLock {
      $0[path] = Known(
        size: size, seconds: time.tv_sec, nanoseconds: time.tv_nsec, inode: inode, digest: digest)
    }
    return digest
  }
}

extension Port {
  /// What made the embeddings.
  static let encoderModel = Port(
    "model", "any", .variadic, "the encoder's file or files: a gallery holds embeddings of one encoder only")
}

extension Param {
  static let encoderRecipe = Param(
    "recipe", .string, default: .string(""),
    "how faces are brought to the encoder, of which a gallery holds one only; empty: what the faces say (face.recipe)")
}
