import Language
import Tensors

/// Finds a threshold, and says how good a matcher is.
public enum Calibrate {
  public static let op = Op(
    "match.calibrate",
    doc: """
      FAR, FRR, EER, AUC and TAR at given FARs of a matcher that accepts distances up to a threshold, with Wilson's \
      confidence intervals, and the threshold for the FAR that is wanted. A FAR needs max(20, 1/FAR) impostor pairs: \
      with fewer a row says so, and the wanted one is refused. Pairs of few people are not independent: intervals are then \
      too narrow.
      """,
    inputs: [
      Port("genuine", "tensor<f32>[G]", .one, "distances of pairs of one person"),
      Port("impostor", "tensor<f32>[I]", .one, "distances of pairs of two people"),
    ],
    outputs: [
      Port("report", "record"), Port("curve", "table", .one, "threshold, far, frr"),
      Port("threshold", "number", .one, "for the FAR that is wanted"),
    ],
    params: [
      Param("far", .number(1e-9...0.5), default: .float(0.001), "the FAR that the threshold is for"),
      Param(
        "fars", .numbers(1e-9...0.5, counts: []), default: .array([0.1, 0.01, 0.001, 0.0001].map { .float($0) }),
        "rows of the report"),
      Param("confidence", .number(0.5...0.9999), default: .float(0.95), "of the intervals"),
      Param("points", .int(2...100_000), default: .int(200), "rows of the curve"),
    ],
    infer: { _ throws(Fault) in [.named("record"), .table, .number] },
    action: .host(
      Host { call throws(Fault) in
        let calibration = Calibration(
          genuine: try call.tensor("genuine").numbers, impostor: try call.tensor("impostor").numbers)
        guard (calibration.genuine + calibration.impostor).allSatisfy(\.isFinite) else {
          throw .failed("a distance is not a finite number")
        }
        let wanted = call.attributes.number("far")
        guard calibration.genuine.count >= 20, calibration.impostor.count >= 20 else {
          throw .tooFewPairs(calibration.genuine.count, calibration.impostor.count)
        }
        guard let threshold = calibration.threshold(far: wanted) else {
          throw .tooFewImpostors(calibration.impostor.count, wanted, Calibration.needed(far: wanted))
        }
        return [
          report(calibration, threshold, wanted, call.attributes), curve(calibration, call.attributes.int("points")),
          .number(threshold),
        ]
      }))

  private static func report(
    _ calibration: Calibration, _ threshold: Double, _ wanted: Double, _ attributes: Attributes
  ) -> Value {
    let z = Calibration.quantile(confidence: attributes.number("confidence"))
    let (equal, best) = (calibration.equalErrorRate, calibration.bestAccuracy)
    return .record(
      Record([
        ("genuine_pairs", .int(calibration.genuine.count)), ("impostor_pairs", .int(calibration.impostor.count)),
        ("auc", .number(calibration.areaUnderCurve)),
        ("eer", .record(Record([("rate", .number(equal.rate)), ("threshold", .number(equal.threshold))]))),
        ("best", .record(Record([("accuracy", .number(best.accuracy)), ("threshold", .number(best.threshold))]))),
        ("confidence", .number(attributes.number("confidence"))),
        ("at_far", .list(attributes.numbers("fars").map { .record(row(calibration, far: $0, z)) })),
        ("recommended", .record(row(calibration, far: wanted, z))),
      ]))
  }

  /// What a FAR costs.
  private static func row(_ calibration: Calibration, far: Double, _ z: Double) -> Record {
    guard let threshold = calibration.threshold(far: far) else {
      let text =
        "\(calibration.impostor.count) impostor pairs; \(Calibration.needed(far: far)) are needed"
      return Record([("far", .number(far)), ("refused", .string(text))])
    }
    let accepted = calibration.count(calibration.genuine, threshold)
    let wrong = calibration.count(calibration.impostor, threshold)
    func interval(_ hits: Int, _ count: Int) -> Value {
      let (low, high) = Calibration.interval(hits, of: count, z: z)
      return .list([.number(low), .number(high)])
    }
    return Record([
      ("far", .number(far)), ("threshold", .number(threshold)),
      ("tar", .number(Double(accepted) / Double(calibration.genuine.count))),
      ("tar_interval", interval(accepted, calibration.genuine.count)),
      ("measured_far", .number(Double(wrong) / Double(calibration.impostor.count))),
      ("far_interval", interval(wrong, calibration.impostor.count)),
    ])
  }

  /// Both rates at thresholds from the least distance to the largest.
  private static func curve(_ calibration: Calibration, _ points: Int) -> Value {
    let low = min(calibration.genuine[0], calibration.impostor[0])
    let high = max(calibration.genuine.last!, calibration.impostor.last!)
    let rows = (0..<points).map { index in
      let threshold = low + (high - low) * Double(index) / Double(points - 1)
      return [threshold, calibration.far(threshold), calibration.frr(threshold)]
    }
    return .table(Table(columns: ["threshold", "far", "frr"], rows: rows))
  }
}

extension Fault {
  static func tooFewPairs(_ genuine: Int, _ impostor: Int) -> Fault {
    .failed(
      "\(genuine) genuine and \(impostor) impostor pairs are too few to calibrate with: at least 20 of each are needed")
  }

  static func tooFewImpostors(_ count: Int, _ far: Double, _ needed: Int) -> Fault {
    .failed(
      "\(count) impostor pairs cannot support a FAR of \(CSVText.number(far)): \(needed) are needed; use more people or a larger far"
    )
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Calibrate.op, $0) }
