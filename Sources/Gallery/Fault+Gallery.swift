import Glibc
import Language

/// Wording of what can be wrong with galleries.
extension Fault {
  static func noGallery(_ path: String) -> Fault {
    Fault("missing-file", "there is no gallery \(path); face/enroll.json makes one")
  }

  static func notAGallery(_ path: String, _ why: String) -> Fault {
    Fault("gallery", "\(path) is not a gallery: \(why)")
  }

  static func galleryVersion(_ path: String, _ version: Int) -> Fault {
    Fault("gallery", "\(path) was written by a newer weft (version \(version) of the format)")
  }

  static func galleryDamaged(_ path: String, _ why: String) -> Fault {
    Fault("gallery", "the gallery \(path) is damaged: \(why)")
  }

  static func galleryFailed(_ path: String, _ why: String) -> Fault { Fault("gallery", "gallery \(path): \(why)") }

  static func cannotOpenGallery(_ path: String, _ number: Int32) -> Fault {
    Fault("file", "cannot open the gallery \(path): \(String(cString: strerror(number)))")
  }

  static func otherEncoder(_ path: String, holds: EncoderIdentity, given: EncoderIdentity) -> Fault {
    var parts: [String] = []
    if holds.model != given.model {
      parts.append("of the model \(named(holds)), not \(named(given))")
    }
    if holds.recipe != given.recipe { parts.append("with the recipe \"\(holds.recipe)\", not \"\(given.recipe)\"") }
    if holds.dimension != given.dimension { parts.append("of \(holds.dimension) numbers, not \(given.dimension)") }
    return Fault(
      "gallery",
      "the gallery \(path) holds embeddings \(parts.joined(separator: ", and ")); they cannot be compared: "
        + "use another gallery, or enroll everyone again")
  }

  private static func named(_ encoder: EncoderIdentity) -> String {
    let digest = encoder.model.prefix(8)
    return encoder.name.isEmpty ? String(digest) : "\"\(encoder.name)\" (\(digest))"
  }

  static func noSuchPerson(_ name: String, _ path: String, _ names: [String]) -> Fault {
    let known = names.isEmpty ? "it holds nobody" : "it holds \(names.count) \(names.count == 1 ? "person" : "people")"
    return Fault(
      "gallery",
      "nobody in the gallery \(path) is called \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)")
  }

  static func badPersonName(_ name: String) -> Fault {
    Fault(
      "gallery", "\"\(name.prefix(40))\" cannot be the name of a person: 1 to 256 bytes without control characters")
  }

  static func badEmbedding(_ person: String, _ why: String) -> Fault {
    Fault("gallery", "the embedding of \"\(person)\" \(why)")
  }
}
