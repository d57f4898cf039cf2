import Images
import Language
import Tensors

/// Chooses among the faces of a photo, and says what happens when there is none.
public enum Selection {
  public static let op = Op(
    "face.select",
    doc: """
      Which of a photo's faces go on: all, the largest, or the one nearest the middle (of x and y distance of its centre \
      from the photo's, less 50 times its score). Without any, no_face decides: whole takes the whole photo as a face, \
      marked "whole"; error fails; skip goes on with none.
      """,
    inputs: [Port("faces", "list<face>"), Port("image", "image", .one, "The photo.")],
    outputs: [Port("faces", "list<face>")],
    params: [
      Param("face", .choice(["all", "largest", "center"]), default: .string("all"), "which faces"),
      Param(
        "no_face", .choice(["whole", "error", "skip"]), default: .string("skip"), "what a photo without faces gives"),
    ],
    infer: { _ throws(Fault) in [.list(.named("face"))] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let faces = try call.faces("faces")
        let image = try call.image("image")
        guard !faces.isEmpty else {
          switch call.attributes.string("no_face") {
          case "error": throw .noFaceFound
          case "whole":
            let box = Box(x1: 0, y1: 0, x2: Double(image.width), y2: Double(image.height))
            return [.list([Face(box: box, score: 0, isWholePicture: true).value])]
          default: return [.list([])]
          }
        }
        let middle = Point(Double(image.width) / 2, Double(image.height) / 2)
        switch call.attributes.string("face") {
        case "largest": return [.list([best(faces) { $0.box.area }.value])]
        case "center":
          return [
            .list([
              best(faces) {
                50 * $0.score - abs($0.box.centre.x - middle.x) - abs($0.box.centre.y - middle.y)
              }.value
            ])
          ]
        default: return [.list(faces.map(\.value))]
        }
      }))

  /// The first of the greatest.
  private static func best(_ faces: [Face], _ measure: (Face) -> Double) -> Face {
    var (best, greatest) = (faces[0], measure(faces[0]))
    for face in faces.dropFirst() where measure(face) > greatest { (best, greatest) = (face, measure(face)) }
    return best
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Selection.op, $0) }
