import Images
import Kernels
import Language
import Tensors

/// The first stage of MTCNN: squares where the network sees a face in the pyramid.
public enum Proposals {
  public static let op = Op(
    "face.propose",
    doc: """
      The squares that MTCNN's first network proposes (Zhang et al. 2016): where its map is sure enough a window of 12 \
      pixels, a cell being 2, overlapping ones dropped in each picture (0.5) and over all (0.7), then moved by the \
      network's correction and made square.
      """,
    inputs: [
      Port("scores", "list<tensor<f32>>", .one, "[1, 2, h, w] per picture: background, face"),
      Port("boxes", "list<tensor<f32>>", .one, "[1, 4, h, w]: how far the corners move, in sides of the window"),
      Port("scales", "list<number>"),
    ],
    outputs: [Port("faces", "list<face>")],
    params: [Param("score", .number(.unit), default: .float(0.6), "the least score")],
    infer: { _ throws(Fault) in [.list(.named("face"))] },
    action: .host(
      Host { call throws(Fault) in
        let least = Float(call.attributes.number("score"))
        var all: [Face] = []
        let (scores, boxes) = (try call.list("scores"), try call.list("boxes"))
        for (index, scale) in try call.list("scales").enumerated() {
          guard let scale = scale.scalar, scale > 0, index < scores.count, index < boxes.count,
            case .tensor(let map) = scores[index], case .tensor(let moves) = boxes[index], map.rank == 4,
            map.shape[1] == 2, moves.shape == [1, 4, map.shape[2], map.shape[3]]
          else { throw .wrongValue("scores", "map [1, 2, h, w] with a map [1, 4, h, w] of boxes per scale", nil) }
          let (height, width) = (map.shape[2], map.shape[3])
          let (sure, move) = (map.elements(Float.self), moves.elements(Float.self))
          let plane = height * width
          var found: [Face] = []
          for at in 0..<plane where sure[plane + at] >= least {
            let (row, column) = at.quotientAndRemainder(dividingBy: width)
            func place(_ cell: Int, _ more: Double) -> Double { ((Double(2 * cell) + more) / scale).rounded(.down) }
            let box = Box(x1: place(column, 1), y1: place(row, 1), x2: place(column, 12), y2: place(row, 12))
            let moved = (0..<4).map { Double(move[$0 * plane + at]) }
            found.append(
              Face(
                box: box, score: Double(sure[plane + at]),
                points: [Point(moved[0], moved[1]), Point(moved[2], moved[3])]))
          }
          all += Suppression.suppressed(found, iou: 0.5, .legacy)
        }
        return [
          .list(
            Suppression.suppressed(all, iou: 0.7, .legacy).map { face in
              let move = [face.points[0].x, face.points[0].y, face.points[1].x, face.points[1].y]
              return Face(box: face.box.moved(move, extra: 0).square, score: face.score).value
            })
        ]
      }))
}

/// The faces as the next network of MTCNN wants to see them.
public enum Crops {
  public static let op = Op(
    "face.crops",
    doc: """
      The parts of a photo inside the boxes of faces, black beyond the photo, brought to size × size pixels, each the mean \
      of what it covers.
      """,
    inputs: [Port("image", "image"), Port("faces", "list<face>")], outputs: [Port("images", "list<image<rgb8>>")],
    params: [Param("size", .int(1...4096), "side of the crops, in pixels")],
    infer: { facts throws(Fault) in
      let side = Dim(facts.attributes.int("size"))
      return [.list(.image(ImageType(format: .rgb8, height: side, width: side)))]
    },
    action: .host(
      Host { call throws(Fault) in
        let photo = try call.image("image").converted(to: .rgb8)
        let size = call.attributes.int("size")
        return [
          .list(
            try call.faces("faces").map { face throws(Fault) in
              .image(try photo.cut(face.box).averaged(to: Extent(size, size)))
            })
        ]
      }))
}

/// A later stage of MTCNN: the faces the network confirms.
public enum Refinement {
  public static let op = Op(
    "face.refine",
    doc: """
      The faces that a later network of MTCNN confirms: those sure enough, overlapping ones dropped (0.7), moved by the \
      network's correction. Without points, for the second network, they become squares; with them, for the third, \
      overlaps are judged by the smaller box after the move, and each face has its five points.
      """,
    inputs: [
      Port("faces", "list<face>"), Port("scores", "list<tensor<f32>>", .one, "[1, 2] per face: background, face"),
      Port("boxes", "list<tensor<f32>>", .one, "[1, 4]: how far the corners move, in sides of the box"),
      Port("points", "list<tensor<f32>>", .optional, "[1, 10]: x of five points, then y, as shares of the box"),
    ],
    outputs: [Port("faces", "list<face>")],
    params: [Param("score", .number(.unit), default: .float(0.7), "the least score")],
    infer: { _ throws(Fault) in [.list(.named("face"))] },
    action: .host(
      Host { call throws(Fault) in
        let least = call.attributes.number("score")
        let hasPoints = call.value("points") != nil
        let (scores, boxes) = (try numbers(call, "scores", 2), try numbers(call, "boxes", 4))
        let points = hasPoints ? try numbers(call, "points", 10) : []
        var found: [Face] = []
        for (index, face) in try call.faces("faces").enumerated() where scores[index][1] > least {
          var refined = Face(box: face.box, score: scores[index][1])
          if hasPoints {
            let (w, h) = (face.box.width + 1, face.box.height + 1)
            refined.points = (0..<5).map {
              Point(face.box.x1 + w * points[index][$0] - 1, face.box.y1 + h * points[index][$0 + 5] - 1)
            }
            refined.box = face.box.moved(boxes[index], extra: 1)
          } else {
            // The correction waits beside the box until overlaps are judged.
            refined.points = [Point(boxes[index][0], boxes[index][1]), Point(boxes[index][2], boxes[index][3])]
          }
          found.append(refined)
        }
        let kept = Suppression.suppressed(found, iou: 0.7, .legacy, byMinimum: hasPoints)
        return [
          .list(
            kept.map { face in
              if hasPoints { return face.value }
              let move = [face.points[0].x, face.points[0].y, face.points[1].x, face.points[1].y]
              return Face(box: face.box.moved(move, extra: 1).square, score: face.score).value
            })
        ]
      }))

  private static func numbers(_ call: HostCall, _ port: String, _ width: Int) throws(Fault) -> [[Double]] {
    let rows = try call.list(port).compactMap(\.numberList)
    guard rows.count == (try call.list("faces").count), rows.allSatisfy({ $0.count == width }) else {
      throw .wrongValue(port, "list of tensors of \(width) numbers, one per face", call.value(port))
    }
    return rows
  }
}

extension Box {
  /// Corners moved by shares of the sides.
  func moved(_ move: [Double], extra: Double) -> Box {
    let (w, h) = (width + extra, height + extra)
    return Box(x1: x1 + move[0] * w, y1: y1 + move[1] * h, x2: x2 + move[2] * w, y2: y2 + move[3] * h)
  }

  /// A square of the longer side about the same centre.
  var square: Box {
    let half = max(width, height) / 2
    return Box(x1: centre.x - half, y1: centre.y - half, x2: centre.x + half, y2: centre.y + half)
  }
}

extension Image {
  /// The pixels of a box whose corners are cut to whole pixels, the last included; black beyond the picture.
  func cut(_ box: Box) throws(Fault) -> Image {
    func whole(_ value: Double) -> Int { value.isFinite ? Int(min(max(value.rounded(.towardZero), -1e6), 1e6)) : 0 }
    // Counted from 1, as MTCNN does.
    let (left, top) = (whole(box.x1) - 1, whole(box.y1) - 1)
    let (right, bottom) = (max(whole(box.x2), left + 1), max(whole(box.y2), top + 1))
    guard right - left <= 8 * max(width, height), bottom - top <= 8 * max(width, height) else {
      throw .flatBox(box.width, box.height)
    }
    let (x, y) = (max(0, left), max(0, top))
    let (w, h) = (min(width, right) - x, min(height, bottom) - y)
    guard w > 0, h > 0 else { return Canvas(width: right - left, height: bottom - top, background: .black).image }
    return try cropped(x: x, y: y, width: w, height: h).padded(
      top: y - top, bottom: bottom - y - h, left: x - left, right: right - x - w, .constant(.black))
  }
}

@used @section("weft_ops") private let proposalsEntry: OpEntry = { Registry.collect(Proposals.op, $0) }
@used @section("weft_ops") private let cropsEntry: OpEntry = { Registry.collect(Crops.op, $0) }
@used @section("weft_ops") private let refinementEntry: OpEntry = { Registry.collect(Refinement.op, $0) }
