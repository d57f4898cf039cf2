import Gallery
import Language

/// Adds faces to a gallery.
public enum GalleryEnroll {
  public static let op = Op(
    "gallery.enroll",
    doc: """
      Adds the faces of a photo to a gallery, under one name, and makes the gallery where there is none. Enrolling the \
      same face again changes nothing. A gallery refuses embeddings of another encoder or recipe than its own.
      """,
    inputs: [
      Port("faces", "list<any>", .one, "faces with their embeddings"), Port("name", "string", .one, "of the person"),
      Port("gallery", "gallery"), Port("photo", "file?", .optional, "where the faces come from"), .encoderModel,
    ],
    outputs: [
      Port("added", "int", .one, "samples that are new"), Port("known", "int", .one, "samples that were there"),
      Port("message", "string"),
    ],
    params: [
      .encoderRecipe,
      Param(
        "several", .choice(["refuse", "enroll"]), default: .string("refuse"),
        "what to do with several faces in one photo"),
    ],
    infer: { _ throws(Fault) in [.int, .int, .string] },
    action: .host(
      Host(queue: .io, isEffect: true) { call throws(Fault) in
        let faces = try call.encodedFaces("faces")
        guard !faces.isEmpty else { throw .nobodyToEnroll }
        guard faces.count == 1 || call.attributes.string("several") == "enroll" else {
          throw .manyToEnroll(faces.count)
        }
        guard case .string(let name)? = call.value("name") else {
          throw .wrongValue("name", "string", call.value("name"))
        }
        var (source, photo) = ("", "")
        if case .file(let path)? = call.value("photo") { (source, photo) = (path, "\(try FileContent.digest(path))") }
        let samples = faces.map { NewSample(person: name, embedding: $0.embedding, source: source, photo: photo) }
        let encoder = try call.encoder(of: faces)
        let store = try call.gallery("gallery", create: true)
        let done = try store.enroll(samples, by: encoder)
        let text =
          done.added > 0
          ? "enrolled \(name)" + (done.added > 1 ? " \(done.added) times" : "")
          : "\(name) is enrolled with this photo already"
        return [.int(done.added), .int(done.known), .string(text)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GalleryEnroll.op, $0) }
