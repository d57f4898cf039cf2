import Gallery
import Language

/// Whether a face is that of a person in a gallery.
public enum GalleryVerify {
  public static let op = Op(
    "gallery.verify",
    doc: """
      Compares a face with one person of a gallery (1:1). distance is the Euclidean distance of embeddings of length 1, \
      sqrt(2 - 2 cosine); of several faces the nearest counts.
      """,
    inputs: [
      Port("faces", "list<any>", .one, "faces with their embeddings"), Port("name", "string", .one, "of the person"),
      Port("gallery", "gallery"), .encoderModel,
    ],
    outputs: [
      Port("distance", "number"), Port("cosine", "number"), Port("match", "bool"), Port("message", "string"),
    ],
    params: [.encoderRecipe, .matchThreshold, .matchFallback, .matchRule],
    infer: { _ throws(Fault) in [.number, .number, .bool, .string] },
    action: .host(
      Host(queue: .io) { call throws(Fault) in
        let faces = try call.encodedFaces("faces")
        guard !faces.isEmpty else { throw .nobodyToVerify }
        guard case .string(let name)? = call.value("name") else {
          throw .wrongValue("name", "string", call.value("name"))
        }
        let store = try call.gallery("gallery")
        let threshold = try MatchThreshold.of(call, store)
        let encoder = try call.encoder(of: faces)
        let rule = MatchRule(rawValue: call.attributes.string("rule"))!
        var best: Match?
        for face in faces {
          let match = try store.compare(face.embedding, with: name, by: encoder, rule: rule)
          if match.cosine > best?.cosine ?? -.infinity { best = match }
        }
        let (distance, cosine) = (best!.distance, best!.cosine)
        let isMatch = distance < threshold
        return [
          .number(distance), .number(cosine), .bool(isMatch), .string(DoorMessage.verified(name, isMatch)),
        ]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GalleryVerify.op, $0) }
