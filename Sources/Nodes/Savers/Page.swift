import Language

/// A page of pictures.
public enum Page {
  public static let op = Op(
    "text.page",
    doc: """
      A plain HTML page that shows one picture per name, in order; the pictures are files beside the page, named by \
      number (000.png, 001.png…). Save it as .html.
      """,
    inputs: [
      Port("names", "list<any>", .one, "headings, one per picture"),
      Port("notes", "list<any>", .optional, "strings, numbers or records shown first, one per line"),
    ],
    outputs: [Port("text", "string")],
    params: [Param("title", .string, default: .string("pictures"), "of the page")],
    infer: { _ throws(Fault) in [.string] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let title = escaped(call.attributes.string("title"))
        var lines = [
          "<!DOCTYPE html>", "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(title)</title></head>",
          "<body style=\"font-family: sans-serif; background: #fff; color: #222\">", "<h1>\(title)</h1>",
        ]
        if case .list(let notes)? = call.value("notes"), !notes.isEmpty {
          lines.append("<ol>")
          for note in notes { lines.append("<li>\(escaped(words(note)))</li>") }
          lines.append("</ol>")
        }
        for (index, name) in try call.list("names").enumerated() {
          let number = String(index)
          let file = String(repeating: "0", count: max(0, 3 - number.count)) + number + ".png"
          let heading = escaped(words(name))
          lines.append("<h2>\(heading)</h2>")
          lines.append("<img src=\"\(file)\" alt=\"\(heading)\" style=\"image-rendering: pixelated; max-width: 100%\">")
        }
        lines.append("</body></html>")
        return [.string(lines.joined(separator: "\n") + "\n")]
      }))

  private static func words(_ value: Value) -> String {
    switch value {
    case .string(let text): return text
    case .record(let record):
      return record.fields.map { "\($0.name) \(words($0.value))" }.joined(separator: ", ")
    default: return value.scalar.map { CSVText.number($0) } ?? value.kind
    }
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Page.op, $0) }
