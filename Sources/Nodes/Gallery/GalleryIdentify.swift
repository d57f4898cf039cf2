import Gallery
import Language

/// Who the faces of a photo are.
public enum GalleryIdentify {
  public static let op = Op(
    "gallery.identify",
    doc: """
      Looks each face up in a gallery (1:N). A match is the face's record with name (null where nobody is near enough), \
      distance and cosine of the nearest person, message, and candidates: the top nearest people with name, distance, \
      cosine and source.
      """,
    inputs: [
      Port("faces", "list<any>", .one, "faces with their embeddings"), Port("gallery", "gallery"), .encoderModel,
    ],
    outputs: [Port("matches", "list<record>", .one, "one per face")],
    params: [
      .encoderRecipe, .matchThreshold, .matchFallback, .matchRule,
      Param("top", .int(1...1000), default: .int(5), "candidates per face"),
    ],
    infer: { _ throws(Fault) in [.list(.named("record"))] },
    action: .host(
      Host(queue: .io) { call throws(Fault) in
        let faces = try call.encodedFaces("faces")
        let store = try call.gallery("gallery")
        guard !faces.isEmpty else { return [.list([])] }
        let threshold = try MatchThreshold.of(call, store)
        let found = try store.search(
          faces.map(\.embedding), by: try call.encoder(of: faces), top: call.attributes.int("top"),
          rule: MatchRule(rawValue: call.attributes.string("rule"))!)
        return [.list(zip(faces, found).map { record($0, $1, threshold) })]
      }))

  private static func record(_ face: EncodedFace, _ matches: [Match], _ threshold: Double) -> Value {
    let nearest = matches.first
    let isKnown = nearest.map { $0.distance < threshold } ?? false
    let name = isKnown ? nearest?.person : nil
    var fields = face.fields.filter { !["name", "distance", "cosine", "message", "candidates"].contains($0.name) }
    fields += [
      ("name", name.map { .string($0) } ?? .none),
      ("distance", nearest.map { .number($0.distance) } ?? .none),
      ("cosine", nearest.map { .number($0.cosine) } ?? .none),
      ("message", .string(DoorMessage.recognised(name, nearest?.distance ?? 2))),
      (
        "candidates",
        .list(
          matches.map {
            .record(
              Record([
                ("name", .string($0.person)), ("distance", .number($0.distance)), ("cosine", .number($0.cosine)),
                ("source", .string($0.source)),
              ]))
          })
      ),
    ]
    return .record(Record(fields))
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GalleryIdentify.op, $0) }
