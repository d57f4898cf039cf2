import Glibc
import Images
import Language
import Tensors

/// Draws columns of a table as lines.
public enum Plot {
  public static let op = Op(
    "image.plot",
    doc: "A line plot of a table: the row number across, one coloured line per column, axes with numbers.",
    inputs: [Port("table", "table")], outputs: [Port("image", "image<rgb8>[H,W]")],
    params: [
      Param("columns", .strings, default: .null, "columns to draw; null takes the first"),
      Param("width", .int(120...8192), default: .int(720), "in pixels"),
      Param("height", .int(90...8192), default: .int(420), "in pixels"),
      Param("log", .bool, default: .bool(false), "logarithmic axis; numbers of at most 0 are left out"),
      Param("title", .string, default: .null, "written above"),
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
        let table = try call.table("table")
        let names = call.attributes.has("columns") ? call.attributes.strings("columns") : Array(table.columns.prefix(1))
        var lines: [[Double]] = []
        for name in names {
          guard let column = table.columns.firstIndex(of: name) else { throw .noSuchColumn(name, of: table.columns) }
          lines.append(table.rows.map { $0[column] })
        }
        guard let plot = PlotFrame(lines, call.attributes) else { throw .nothingToPlot(names) }
        return [.image(plot.draw(lines, names))]
      }))
}

/// The scales of a plot and where its parts lie.
private struct PlotFrame {
  static let palette: [Colour] = [
    Colour(31, 119, 180), Colour(255, 127, 14), Colour(44, 160, 44), Colour(214, 39, 40), Colour(148, 103, 189),
    Colour(140, 86, 75),
  ]
  static let ink = Colour(60, 60, 60)
  static let rule = Colour(225, 225, 225)

  let width: Int
  let height: Int
  let isLog: Bool
  let title: String?
  let rows: Int
  /// Ends of the upright axis, in logarithms where it is logarithmic.
  let low: Double
  let high: Double
  let left = 72.0
  let right = 16.0
  let top = 30.0
  let bottom = 30.0

  /// nil when no number can be shown.
  init?(_ lines: [[Double]], _ attributes: Attributes) {
    (width, height) = (attributes.int("width"), attributes.int("height"))
    isLog = attributes.bool("log")
    title = attributes.has("title") ? attributes.string("title") : nil
    rows = lines.map(\.count).max() ?? 0
    let scale = PlotFrame.scale(isLog)
    let shown = lines.joined().compactMap(scale)
    guard let least = shown.min(), let most = shown.max() else { return nil }
    let margin = most > least ? (most - least) * 0.04 : max(abs(most) * 0.1, 0.5)
    (low, high) = (least - margin, most + margin)
  }

  /// The place of a number on the axis; nil for what it cannot show.
  private static func scale(_ isLog: Bool) -> (Double) -> Double? {
    { value in
      guard value.isFinite else { return nil }
      return isLog ? (value > 0 ? log10(value) : nil) : value
    }
  }

  private func x(_ row: Double) -> Double {
    left + (Double(width) - left - right) * (rows > 1 ? row / Double(rows - 1) : 0.5)
  }

  private func y(_ value: Double) -> Double {
    Double(height) - bottom - (Double(height) - top - bottom) * (value - low) / (high - low)
  }

  func draw(_ lines: [[Double]], _ names: [String]) -> Image {
    var canvas = Canvas(width: width, height: height, background: .white)
    for tick in PlotFrame.ticks(low, high, about: max(2, height / 60)) {
      let place = y(tick)
      canvas.line(
        from: Point(left, place), to: Point(Double(width) - right, place), PlotFrame.rule, lineWidth: 1)
      let text = PlotFrame.label(isLog ? pow(10, tick) : tick)
      let size = Font.size(of: text)
      canvas.text(text, x: Int(left) - 6 - size.width, y: Int(place) - size.height / 2, PlotFrame.ink)
    }
    for tick in PlotFrame.ticks(0, Double(max(1, rows - 1)), about: max(2, width / 100))
    where tick == tick.rounded() {
      let text = CSVText.number(tick)
      canvas.text(
        text, x: Int(x(tick)) - Font.size(of: text).width / 2, y: height - Int(bottom) + 8, PlotFrame.ink)
      canvas.line(
        from: Point(x(tick), Double(height) - bottom), to: Point(x(tick), Double(height) - bottom + 4), PlotFrame.ink)
    }
    canvas.polyline(
      [
        Point(left, top), Point(left, Double(height) - bottom),
        Point(Double(width) - right, Double(height) - bottom),
      ], PlotFrame.ink)
    let scale = PlotFrame.scale(isLog)
    for (index, line) in lines.enumerated() {
      let colour = PlotFrame.palette[index % PlotFrame.palette.count]
      // A number that cannot be shown breaks the line.
      var run: [Point] = []
      for (row, value) in line.enumerated() {
        if let place = scale(value) { run.append(Point(x(Double(row)), y(place))) }
        if scale(value) == nil || row == line.count - 1 {
          if run.count == 1 { canvas.disc(run[0], radius: 2, colour) }
          canvas.polyline(run, colour, lineWidth: 2)
          run = []
        }
      }
    }
    legend(names, &canvas)
    return canvas.image
  }

  private func legend(_ names: [String], _ canvas: inout Canvas) {
    if let title { canvas.text(title, x: Int(left), y: 10, .black) }
    var end = width - Int(right)
    for (index, name) in names.enumerated().reversed() {
      end -= Font.size(of: name).width
      canvas.text(name, x: end, y: 10, PlotFrame.palette[index % PlotFrame.palette.count])
      end -= 2 * Font.cellWidth
    }
  }

  /// Round numbers from `low` to `high`: multiples of 1, 2 or 5 times a power of ten.
  static func ticks(_ low: Double, _ high: Double, about count: Int) -> [Double] {
    let rough = (high - low) / Double(count)
    let power = pow(10, floor(log10(rough)))
    let step = power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
    var ticks: [Double] = []
    var index = (low / step).rounded(.up)
    while index * step <= high, ticks.count < 1000 {
      ticks.append(index * step)
      index += 1
    }
    return ticks
  }

  /// Four digits, with an exponent where the number is very large or small.
  static func label(_ value: Double) -> String {
    if value == 0 { return "0" }
    let exponent = Int(floor(log10(abs(value))))
    guard (-3...5).contains(exponent) else {
      return decimal(value / pow(10, Double(exponent)), places: 2) + "e" + String(exponent)
    }
    return decimal(value, places: max(0, 3 - exponent))
  }

  private static func decimal(_ value: Double, places: Int) -> String {
    let unit = pow(10, Double(places))
    return CSVText.number((value * unit).rounded() / unit)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Plot.op, $0) }
