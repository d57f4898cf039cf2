import Gallery
import Language

/// Keeps a threshold.
public enum GalleryThreshold {
  public static let op = Op(
    "gallery.set_threshold",
    doc:
      "Writes a threshold into a gallery, from which gallery.verify and gallery.identify take it; without one it does nothing.",
    inputs: [
      Port("threshold", "number", .one, "a distance of embeddings of length 1"), Port("gallery", "gallery?", .optional),
    ],
    outputs: [Port("message", "string")], infer: { _ throws(Fault) in [.string] },
    action: .host(
      Host(queue: .io, isEffect: true) { call throws(Fault) in
        let threshold = try call.number("threshold")
        guard let value = call.value("gallery"), !value.isNone else {
          return [.string("threshold \(Float(threshold)); no gallery was given to keep it")]
        }
        let store = try call.gallery("gallery", create: true)
        try store.setThreshold(threshold)
        return [.string("threshold \(Float(threshold)) written into \(store.location)")]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GalleryThreshold.op, $0) }
