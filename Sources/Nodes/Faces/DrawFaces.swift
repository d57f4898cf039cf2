import Images
import Language

/// Draws faces on a photo.
public enum DrawFaces {
  public static let op = Op(
    "face.draw",
    doc: """
      The photo with the box of every face, its points and landmarks as dots, and above it what is known of it: name, \
      score, gender and age, pose. Points are drawn from the fields points and landmarks of its record.
      """,
    inputs: [Port("image", "image"), Port("faces", "list<face>")], outputs: [Port("image", "image")],
    params: [
      Param("box_colour", .string, default: .string("green"), "of boxes and labels"),
      Param("point_colour", .string, default: .string("red"), "of points"),
      Param(
        "line_width", .int(1...1000), default: .null,
        "of boxes, in pixels; null: 1 more than the scale of labels, at least 2"),
      Param(
        "radius", .number(0...1000), default: .null,
        "of points, in pixels; landmarks are half as large; null: 1 more than the scale of labels, at least 2"),
      Param(
        "text_scale", .int(0...64), default: .null,
        "of labels, letters 10 pixels high at 1; 0: none; null: so that letters are about 1/50 of the longer side"),
    ],
    infer: { facts throws(Fault) in
      _ = try facts.attributes.colour("box_colour")
      _ = try facts.attributes.colour("point_colour")
      return [facts.type("image")]
    },
    action: .host(
      Host { call throws(Fault) in
        let attributes = call.attributes
        let (frame, dot) = (try attributes.colour("box_colour")!, try attributes.colour("point_colour")!)
        var canvas = Canvas(try call.image("image"))
        let scale =
          attributes.has("text_scale")
          ? attributes.int("text_scale") : labelScale(width: canvas.width, height: canvas.height)
        let line = attributes.has("line_width") ? attributes.int("line_width") : 1 + max(1, scale)
        let radius = attributes.has("radius") ? attributes.number("radius") : Double(1 + max(1, scale))
        let values = try call.list("faces")
        let faces = try call.faces("faces")
        for (face, value) in zip(faces, values) {
          let box = face.box
          canvas.box(x: box.x1, y: box.y1, width: box.width, height: box.height, frame, lineWidth: line)
          guard case .record(let record) = value else { continue }
          for point in try record["landmarks"]?.points("faces") ?? [] {
            canvas.disc(point, radius: max(1, radius / 2), dot)
          }
          for point in face.points { canvas.disc(point, radius: radius, dot) }
        }
        // Labels last: no box or dot runs through them.
        if scale > 0 {
          for (face, value) in zip(faces, values) {
            guard case .record(let record) = value else { continue }
            label(face, record, frame, line: line, scale: scale, &canvas)
          }
        }
        return [.image(canvas.image)]
      }))

  /// Of labels that can be read in a picture shown as a whole.
  static func labelScale(width: Int, height: Int) -> Int { min(64, max(1, (max(width, height) + 240) / 480)) }

  private static func label(
    _ face: Face, _ record: Record, _ colour: Colour, line: Int, scale: Int, _ canvas: inout Canvas
  ) {
    let lines = lines(face, record)
    guard face.box.x1.isFinite, face.box.y1.isFinite, abs(face.box.x1) < 1e6, abs(face.box.y1) < 1e6 else { return }
    let step = Font.size(of: "X", scale: scale).height + scale
    let first = max(scale, Int(face.box.y1.rounded()) - line / 2 - scale - step * lines.count)
    for (index, text) in lines.enumerated() {
      let x = min(max(0, Int(face.box.x1.rounded())), max(0, canvas.width - Font.size(of: text, scale: scale).width))
      canvas.text(
        text, x: x, y: first + index * step, colour.luma > 127 ? .black : .white, scale: scale, background: colour)
    }
  }

  /// What is written above a face.
  static func lines(_ face: Face, _ record: Record) -> [String] {
    func text(_ field: String) -> String? { if case .string(let text)? = record[field] { text } else { nil } }
    func number(_ field: String, _ digits: Int = 0) -> String? {
      record[field]?.scalar.map {
        digits == 0 ? CSVText.number($0.rounded()) : CSVText.number(($0 * 100).rounded() / 100)
      }
    }
    let score = face.isWholePicture ? "no face found" : number("score", 2)
    let head = [text("name"), score].compactMap { $0 }.joined(separator: " ")
    let person = [text("gender"), number("age")].compactMap { $0 }.joined(separator: " ")
    let pose = ["yaw", "pitch", "roll"].compactMap { number($0) }.joined(separator: " ")
    return [head, person, pose].filter { !$0.isEmpty }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DrawFaces.op, $0) }
