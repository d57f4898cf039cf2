import Images
import Language
import Tensors

/// Draws frames on a picture.
public enum DrawBoxes {
  public static let op = Op(
    "image.draw_boxes",
    doc: """
      The picture with the frame of every box. Boxes are records with x, y, width and height in pixels, or rows of a \
      tensor in that order. What is written above a box is its label from the port, or else the fields label and score of \
      its record.
      """,
    inputs: [
      Port("image", "image[H,W]"), Port("boxes", "any", .one, "a list of boxes, or a tensor of rows of four"),
      Port("labels", "list<string>", .optional, "one text per box"),
    ],
    outputs: [Port("image", "image[H,W]")],
    params: [
      Param("colour", .string, default: .string("green"), "of frames and texts"),
      Param("line_width", .int(1...1000), default: .int(2), "of frames, in pixels"),
      Param("text_scale", .int(1...64), default: .int(1), "of texts; letters are 10 pixels high at 1"),
    ],
    infer: { facts throws(Fault) in
      _ = try facts.attributes.colour("colour")
      return [facts.type("image")]
    },
    action: .host(
      Host { call throws(Fault) in
        let colour = try call.attributes.colour("colour")!
        let (line, scale) = (call.attributes.int("line_width"), call.attributes.int("text_scale"))
        let labels = try call.strings("labels")
        var canvas = Canvas(try call.image("image"))
        for (index, box) in try boxes(call).enumerated() {
          canvas.box(
            x: box.place[0], y: box.place[1], width: box.place[2], height: box.place[3], colour, lineWidth: line)
          guard let label = index < labels.count ? labels[index] : box.label else { continue }
          let size = Font.size(of: label, scale: scale)
          let (x, y) = (Int(box.place[0].rounded()), Int(box.place[1].rounded()) - line / 2 - size.height - scale)
          canvas.text(
            label, x: max(x, 0), y: max(y, 0), colour.luma > 127 ? .black : .white, scale: scale, background: colour)
        }
        return [.image(canvas.image)]
      }))

  private static func boxes(_ call: HostCall) throws(Fault) -> [(place: [Double], label: String?)] {
    try Rows.read(call, "boxes", ["x", "y", "width", "height"]).map { row in
      let name = row.record?["label"].flatMap { if case .string(let text) = $0 { text } else { nil } }
      let score = row.record?["score"]?.scalar.map { CSVText.number(($0 * 100).rounded() / 100) }
      let parts = [name, score].compactMap { $0 }
      return (row.numbers, parts.isEmpty ? nil : parts.joined(separator: " "))
    }
  }
}

/// Draws dots on a picture.
public enum DrawPoints {
  public static let op = Op(
    "image.draw_points",
    doc: """
      The picture with a dot at every point. Points are records with x and y in pixels (the middle of the first pixel is \
      0.5), rows of a tensor in that order, or a list of such tensors.
      """,
    inputs: [
      Port("image", "image[H,W]"), Port("points", "any", .one, "a list of points, or a tensor of rows of two"),
    ],
    outputs: [Port("image", "image[H,W]")],
    params: [
      Param("colour", .string, default: .string("red"), "of the dots"),
      Param("radius", .number(0...1000), default: .float(2), "of the dots, in pixels"),
    ],
    infer: { facts throws(Fault) in
      _ = try facts.attributes.colour("colour")
      return [facts.type("image")]
    },
    action: .host(
      Host { call throws(Fault) in
        let colour = try call.attributes.colour("colour")!
        var canvas = Canvas(try call.image("image"))
        for row in try Rows.read(call, "points", ["x", "y"]) {
          canvas.disc(Point(row.numbers[0], row.numbers[1]), radius: call.attributes.number("radius"), colour)
        }
        return [.image(canvas.image)]
      }))
}

/// Positions as they come: records, rows of a tensor, or lists of either.
enum Rows {
  static func read(
    _ call: HostCall, _ port: String, _ names: [String]
  ) throws(Fault) -> [(numbers: [Double], record: Record?)] {
    var rows: [(numbers: [Double], record: Record?)] = []
    try collect(call.value(port) ?? .none, port, names, &rows)
    return rows
  }

  private static func collect(
    _ value: Value, _ port: String, _ names: [String], _ rows: inout [(numbers: [Double], record: Record?)]
  ) throws(Fault) {
    switch value {
    case .list(let items): for item in items { try collect(item, port, names, &rows) }
    case .record(let record):
      let numbers = names.compactMap { record[$0]?.scalar }
      guard numbers.count == names.count else { throw .incompleteRow(port, names, record.fields.map(\.name)) }
      rows.append((numbers, record))
    case .tensor(let tensor) where tensor.shape.last == names.count:
      let numbers = tensor.numbers
      for start in stride(from: 0, to: numbers.count, by: names.count) {
        rows.append((Array(numbers[start..<start + names.count]), nil))
      }
    default: throw .wrongValue(port, "list of records with \(names.joined(separator: ", "))", value)
    }
  }
}

@used @section("weft_ops") private let boxesEntry: OpEntry = { Registry.collect(DrawBoxes.op, $0) }
@used @section("weft_ops") private let pointsEntry: OpEntry = { Registry.collect(DrawPoints.op, $0) }
