import Images
import Language
import Tensors

/// Draws points in the plane.
public enum Scatter {
  public static let op = Op(
    "image.scatter",
    doc:
      "Points [N, 2] as dots (or as the given small pictures), with a label beside each; equal labels have one colour.",
    inputs: [
      Port("points", "tensor<f32>", .one, "[N, 2] or wider; the first two columns count"),
      Port("labels", "list<any>", .optional, "strings or numbers, one per point"),
      Port("images", "list<image>", .optional, "drawn in place of the dots"),
    ],
    outputs: [Port("image", "image<rgb8>[H,W]")],
    params: [
      Param("width", .int(64...8192), default: .int(720), "in pixels"),
      Param("height", .int(64...8192), default: .int(720), "in pixels"),
      Param("radius", .number(0.5...100), default: .float(4), "of a dot, px"),
      Param("text", .bool, default: .bool(true), "write the labels"),
    ],
    infer: { facts throws(Fault) in
      [
        .image(
          ImageType(
            format: .rgb8, height: Dim(facts.attributes.int("height")), width: Dim(facts.attributes.int("width"))))
      ]
    },
    action: .host(
      Host { call throws(Fault) in
        let points = try call.tensor("points")
        guard points.rank == 2, points.shape[1] >= 2 else {
          throw .failed("port \"points\" carries \(points.shape); [N, 2] is needed")
        }
        let (n, columns, numbers) = (points.shape[0], points.shape[1], points.numbers)
        let (width, height) = (call.attributes.int("width"), call.attributes.int("height"))
        var labels: [String] = []
        if case .list(let items)? = call.value("labels") {
          labels = items.map { item in
            if case .string(let text) = item { text } else { item.scalar.map { CSVText.number($0) } ?? item.kind }
          }
        }
        var images: [Image] = []
        if let value = call.value("images"), !value.isNone { images = try call.images("images") }
        var canvas = Canvas(width: width, height: height, background: .white)
        let names = labels.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let x = (0..<n).map { numbers[$0 * columns] }, y = (0..<n).map { numbers[$0 * columns + 1] }
        let (left, right) = (x.filter(\.isFinite).min() ?? 0, x.filter(\.isFinite).max() ?? 0)
        let (low, high) = (y.filter(\.isFinite).min() ?? 0, y.filter(\.isFinite).max() ?? 0)
        for index in 0..<n where x[index].isFinite && y[index].isFinite {
          let across = right > left ? (x[index] - left) / (right - left) : 0.5
          let up = high > low ? (y[index] - low) / (high - low) : 0.5
          let place = Point(0.06 * Double(width) + 0.88 * Double(width) * across, Double(height) * (0.94 - 0.88 * up))
          let radius = call.attributes.number("radius")
          if images.indices.contains(index) {
            canvas.place(
              images[index], x: Int(place.x) - images[index].width / 2, y: Int(place.y) - images[index].height / 2)
          } else {
            let colour = labels.indices.contains(index) ? names.firstIndex(of: labels[index])! : 0
            canvas.disc(place, radius: radius, palette[colour % palette.count])
          }
          if call.attributes.bool("text"), labels.indices.contains(index) {
            canvas.text(labels[index], x: Int(place.x + radius + 2), y: Int(place.y) - 5, Colour(60, 60, 60))
          }
        }
        return [.image(canvas.image)]
      }))

  private static let palette: [Colour] = [
    Colour(31, 119, 180), Colour(255, 127, 14), Colour(44, 160, 44), Colour(214, 39, 40), Colour(148, 103, 189),
    Colour(140, 86, 75), Colour(227, 119, 194), Colour(127, 127, 127), Colour(188, 189, 34), Colour(23, 190, 207),
  ]
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Scatter.op, $0) }
