import Language
import Models
import Tensors

/// The best classes of a classifier by name.
public enum TopClasses {
  public static let op = Op(
    "list.top",
    doc: """
      The places of the largest numbers in scores [N] or [1, N] as records of rank, index, label and score, best first; of \
      equals the first. Labels are the lines of a text file (an ImageNet synset's number at their beginning goes) or a list.
      """,
    inputs: [
      Port("scores", "tensor<f32>"), Port("labels", "file", .optional, "one line per class"),
      Port("names", "list<string>", .optional, "instead of a file"),
    ],
    outputs: [Port("top", "list<record>"), Port("index", "int"), Port("text", "string")],
    params: [Param("count", .int(1...100_000), default: .int(5), "how many")],
    infer: { _ throws(Fault) in [.list(.named("record")), .int, .string] },
    action: .host(
      Host { call throws(Fault) in
        let scores = try call.tensor("scores")
        guard scores.rank <= 1 || scores.shape.dropLast().allSatisfy({ $0 == 1 }), scores.count > 0 else {
          throw .failed("scores are \(scores.shape); one row of numbers is needed")
        }
        let numbers = scores.numbers
        var labels = try call.strings("names")
        if let value = call.value("labels"), !value.isNone {
          let text = String(decoding: try FileContent.bytes(call.path("labels")), as: UTF8.self)
          labels = text.split(whereSeparator: \.isNewline).map { name(String($0)) }
        }
        let order = numbers.indices.sorted { numbers[$0] != numbers[$1] ? numbers[$0] > numbers[$1] : $0 < $1 }
        let best = order.prefix(call.attributes.int("count"))
        let records = best.enumerated().map { rank, index -> Value in
          .record(
            Record([
              ("rank", .int(rank + 1)), ("index", .int(index)),
              ("label", .string(labels.indices.contains(index) ? labels[index] : String(index))),
              ("score", .number(numbers[index])),
            ]))
        }
        let first = labels.indices.contains(best.first!) ? labels[best.first!] : String(best.first!)
        return [.list(records), .int(best.first!), .string(first)]
      }))

  /// "n02123045 tabby, tabby cat" is about cats, not about numbers.
  private static func name(_ line: String) -> String {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let head = parts.first, head.first == "n", head.count == 9,
      head.dropFirst().allSatisfy(\.isNumber)
    else { return line }
    return String(parts[1])
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TopClasses.op, $0) }
