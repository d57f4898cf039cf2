import Images
import Language

/// Faces of a part of a photo, in pixels of the photo.
public enum FaceMove {
  public static let op = Op(
    "face.move",
    doc: "Faces shifted by x and y pixels, as from a part of a photo to the photo; those below score are left out.",
    inputs: [Port("faces", "list<face>")], outputs: [Port("faces", "list<face>")],
    params: [
      Param("x", .number(.all), default: .float(0), "to the right"),
      Param("y", .number(.all), default: .float(0), "down"),
      Param("score", .number(.unit), default: .float(0), "the least score"),
    ],
    infer: { _ throws(Fault) in [.list(.named("face"))] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let (x, y) = (call.attributes.number("x"), call.attributes.number("y"))
        return [
          .list(
            try call.faces("faces").filter { $0.score >= call.attributes.number("score") }.map { face in
              var moved = face
              moved.box = Box(
                x1: face.box.x1 + x, y1: face.box.y1 + y, x2: face.box.x2 + x, y2: face.box.y2 + y)
              moved.points = face.points.map { Point($0.x + x, $0.y + y) }
              return moved.value
            })
        ]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FaceMove.op, $0) }
