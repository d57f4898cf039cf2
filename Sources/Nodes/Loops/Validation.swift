import Language
import Tensors

/// Measures a body over one pass of its streams: the means of its single-number outputs.
final class Validation {
  private let body: BodyRun
  private let scalars: [Int]
  private let monitored: Int
  private let sign: Double
  let every: Int
  /// Names of what `measure` returns.
  let columns: [String]

  init(_ body: BodyRun, _ site: LoopSite, trainingPass: Int?) throws(Fault) {
    self.body = body
    scalars = body.scalars
    let names = scalars.map { body.names[$0] }
    guard !names.isEmpty else { throw .measuredNothing() }
    columns = names.map { "val_\($0)" }
    let attributes = site.attributes
    if attributes.has("monitor") {
      guard let found = names.firstIndex(of: attributes.string("monitor")) else {
        throw .noSuchMonitor(attributes.string("monitor"), names)
      }
      monitored = found
    } else {
      monitored = names.firstIndex(of: site.loss) ?? 0
    }
    sign = attributes.string("monitor_mode") == "max" ? -1 : 1
    every = attributes.has("validate_every") ? attributes.int("validate_every") : trainingPass ?? 100
  }

  /// The means, and the score of the monitored one: the lower the better.
  func measure(_ context: RunContext) throws(Fault) -> (means: [Double], score: Double) {
    var sums = scalars.map { _ in 0.0 }
    let count = body.passLength ?? 1
    for position in 0..<count {
      try body.run(position, context)
      for (index, output) in scalars.enumerated() { sums[index] += body.scalar(output) }
    }
    let means = sums.map { $0 / Double(max(1, count)) }
    return (means, sign * means[monitored])
  }

  /// What stands in the rows of steps without a measurement.
  var blanks: [Double] { scalars.map { _ in .nan } }
}
