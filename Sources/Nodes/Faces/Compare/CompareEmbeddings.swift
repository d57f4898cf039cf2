import Glibc
import Language
import Tensors

/// Whether two embeddings are of one person.
public enum CompareEmbeddings {
  public static let op = Op(
    "face.compare",
    doc: """
      How alike two embeddings are: their cosine, their distance in the metric (cosine: 1 - cosine; euclidean and squared: \
      of the vectors brought to unit length), and whether they are of one person by the threshold. Where one is absent \
      nothing can be said: the numbers are absent too. A preset is a published \
      threshold: \(ThresholdPreset.all.map { "\($0.name) \($0.metric.rawValue) \($0.value) (\($0.source))" }.joined(separator: "; ")).
      """,
    inputs: [Port("a", "any?", .one, "a tensor or list of numbers"), Port("b", "any?", .one, "as long as a")],
    outputs: [
      Port("cosine", "number?", .one, "rounded to decimals"), Port("distance", "number?"), Port("same", "bool"),
      Port("message", "string"),
    ],
    params: [
      Param(
        "preset", .choice(ThresholdPreset.all.map(\.name)), default: .string("insightface"), "metric and threshold"),
      Param(
        "metric", .choice(ThresholdPreset.Metric.allCases.map(\.rawValue)), default: .null,
        "in place of the preset's; needs a threshold of its own"),
      Param("threshold", .number(.all), default: .null, "in place of the preset's: least cosine or greatest distance"),
      Param("decimals", .int(0...15), default: .int(4), "of the cosine"),
    ],
    infer: { facts throws(Fault) in
      let attributes = facts.attributes
      if attributes.has("metric"), !attributes.has("threshold"),
        attributes.string("metric") != ThresholdPreset.named(attributes.string("preset"))?.metric.rawValue
      {
        throw .params(
          "the preset \"\(attributes.string("preset"))\" has no threshold for the metric \"\(attributes.string("metric"))\"; "
            + "give one")
      }
      return [.optional(.number), .optional(.number), .bool, .string]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        for port in ["a", "b"] where call.value(port)?.isNone ?? true {
          return [.none, .none, .bool(false), .string("nothing to compare: \(port) has no face")]
        }
        let (a, b) = (try vector(call, "a"), try vector(call, "b"))
        guard a.count == b.count else { throw .embeddingLengths(a.count, b.count) }
        let preset = ThresholdPreset.named(call.attributes.string("preset"))!
        let metric =
          call.attributes.has("metric")
          ? ThresholdPreset.Metric(rawValue: call.attributes.string("metric"))! : preset.metric
        let isOwn = call.attributes.has("threshold")
        let threshold = isOwn ? call.attributes.number("threshold") : preset.value
        let cosine = try cosine(a, b)
        // Of unit vectors, |a - b|² = 2 - 2 cos.
        let squared = max(0, 2 - 2 * cosine)
        let distance: Double
        let isSame: Bool
        switch metric {
        case .cosine: (distance, isSame) = (1 - cosine, cosine >= threshold)
        case .euclidean: (distance, isSame) = (squared.squareRoot(), squared.squareRoot() <= threshold)
        case .squared: (distance, isSame) = (squared, squared <= threshold)
        }
        let unit = pow(10, Double(call.attributes.int("decimals")))
        let rounded = (cosine * unit).rounded() / unit
        let measured = metric == .cosine ? "" : ", \(metric.rawValue) distance \(distance.fixed(4))"
        let limit = metric == .cosine ? "at least" : "at most"
        let source = isOwn ? "as given" : preset.source
        return [
          .number(rounded), .number(distance), .bool(isSame),
          .string(
            "\(isSame ? "same person" : "different people"): cosine \(cosine.fixed(4))\(measured) "
              + "(\(limit) \(CSVText.number(threshold)): \(source))"),
        ]
      }))

  static func cosine(_ a: [Double], _ b: [Double]) throws(Fault) -> Double {
    let (aa, bb) = (zip(a, a).reduce(0) { $0 + $1.0 * $1.1 }, zip(b, b).reduce(0) { $0 + $1.0 * $1.1 })
    guard aa > 0, bb > 0, aa.isFinite, bb.isFinite else { throw .emptyEmbedding }
    return min(max(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / (aa.squareRoot() * bb.squareRoot()), -1), 1)
  }

  private static func vector(_ call: HostCall, _ port: String) throws(Fault) -> [Double] {
    guard let numbers = call.value(port)?.numberList, !numbers.isEmpty else {
      throw .wrongValue(port, "tensor or list of numbers", call.value(port))
    }
    return numbers
  }
}

extension Double {
  /// With so many digits after the point.
  func fixed(_ digits: Int) -> String {
    let unit = pow(10, Double(digits))
    let whole = Int((abs(self) * unit).rounded())
    let text = String(whole)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return (self < 0 && whole > 0 ? "-" : "") + padded.dropLast(digits) + (digits > 0 ? "." : "")
      + padded.suffix(digits)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(CompareEmbeddings.op, $0) }
