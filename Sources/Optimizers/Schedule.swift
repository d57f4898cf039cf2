import Glibc
import Language

/// The learning rate as a function of the step, from 0; a pure one, so that a run that resumes needs no state for it.
public struct Schedule: Sendable, Hashable {
  enum Shape: Sendable, Hashable {
    case constant
    /// `rates[i]` from step `at[i - 1]` on.
    case steps(at: [Int], rates: [Double])
    /// Half a cosine from the base rate down to `floor` (Loshchilov and Hutter 2017, eq. 5, without restarts).
    case cosine(steps: Int, floor: Double)
    /// Up from base / 25 to the base rate over `rise` of the steps, then down to base / 250,000, along half cosines
    /// (Smith and Topin 2018; `torch.optim.lr_scheduler.OneCycleLR` with its defaults).
    case oneCycle(steps: Int, rise: Double)
  }

  let base: Double
  let shape: Shape
  /// The rate rises evenly over this many first steps.
  let warmup: Int

  /// Reads a schedule as a graph writes it: `{"kind": "step", "at": [100], "rates": [0.1, 0.01]}`,
  /// `{"kind": "cosine", "steps": 1000, "floor": 0}`, `{"kind": "one_cycle", "steps": 1000, "rise": 0.3}`,
  /// `{"kind": "constant"}`, each with an optional `warmup`. Keys of the other kinds may stand there too, so that a
  /// param can choose the kind.
  public init(_ literal: Literal, base: Double) throws(Fault) {
    guard case .object(let fields) = literal else { throw .badSchedule("takes an object, not \(literal)") }
    let reader = Reader(fields)
    let kinds = ["constant", "step", "cosine", "one_cycle"]
    guard case .string(let kind)? = reader.take("kind") else {
      throw .badSchedule("needs \"kind\": one of \(kinds.joined(separator: ", "))")
    }
    warmup = try reader.count("warmup", orElse: 0)
    switch kind {
    case "constant": shape = .constant
    case "step":
      let at = try reader.numbers("at").map { Int($0) }
      let rates = try reader.numbers("rates")
      guard rates.count == at.count + 1 else {
        throw .badSchedule("has \(at.count) steps under \"at\", so it needs \(at.count + 1) rates, not \(rates.count)")
      }
      guard zip(at, at.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .badSchedule("needs \"at\" in rising order") }
      shape = .steps(at: at, rates: rates)
    case "cosine":
      shape = .cosine(steps: try reader.count("steps"), floor: try reader.number("floor", orElse: 0))
    case "one_cycle":
      let rise = try reader.number("rise", orElse: 0.3)
      guard rise > 0, rise < 1 else { throw .badSchedule("needs \"rise\" between 0 and 1, not \(rise)") }
      shape = .oneCycle(steps: try reader.count("steps"), rise: rise)
    default:
      throw .badSchedule(
        "has no kind \"\(kind)\"\(Suggestion.phrase(for: kind, in: kinds)); it is one of "
          + kinds.joined(separator: ", "))
    }
    try reader.finish()
    self.base = base
  }

  /// The rate of a step.
  public func rate(_ step: Int) -> Double {
    let rate = shapeRate(step)
    return step < warmup ? rate * Double(step + 1) / Double(warmup) : rate
  }

  private func shapeRate(_ step: Int) -> Double {
    switch shape {
    case .constant: return base
    case .steps(let at, let rates): return rates[at.count { $0 <= step }]
    case .cosine(let steps, let floor): return Schedule.between(base, floor, Double(step) / Double(steps))
    case .oneCycle(let steps, let rise):
      let (low, end) = (base / 25, base / 25 / 1e4)
      let (top, last) = (rise * Double(steps) - 1, Double(steps) - 1)
      let place = Double(step)
      if place <= top { return Schedule.between(low, base, place / max(top, 1)) }
      return Schedule.between(base, end, (place - top) / max(last - top, 1))
    }
  }

  /// Along half a cosine from `start` to `end`, which it keeps after.
  private static func between(_ start: Double, _ end: Double, _ share: Double) -> Double {
    end + (start - end) / 2 * (1 + cos(Double.pi * min(1, max(0, share))))
  }

  private struct Reader {
    let fields: [String: Literal]
    private static let keys = ["kind", "warmup", "at", "rates", "steps", "floor", "rise"]

    init(_ fields: [String: Literal]) { self.fields = fields }

    func take(_ name: String) -> Literal? { fields[name] }

    func count(_ name: String, orElse fallback: Int? = nil) throws(Fault) -> Int {
      let value = take(name)
      if value == nil, let fallback { return fallback }
      guard let number = value?.number, number >= 0, number == number.rounded(), number < 1e15 else {
        throw .badSchedule("needs \"\(name)\": a number of steps")
      }
      return Int(number)
    }

    func number(_ name: String, orElse fallback: Double) throws(Fault) -> Double {
      guard let value = take(name) else { return fallback }
      guard let number = value.number, number >= 0 else {
        throw .badSchedule("needs \"\(name)\": a number of at least 0")
      }
      return number
    }

    func numbers(_ name: String) throws(Fault) -> [Double] {
      guard case .array(let items)? = take(name) else { throw .badSchedule("needs \"\(name)\": a list of numbers") }
      let numbers = items.compactMap(\.number)
      guard numbers.count == items.count, numbers.allSatisfy({ $0 >= 0 && $0 < 1e15 }) else {
        throw .badSchedule("needs \"\(name)\": a list of numbers")
      }
      return numbers
    }

    func finish() throws(Fault) {
      guard let extra = fields.keys.sorted().first(where: { !Reader.keys.contains($0) }) else { return }
      throw .badSchedule(
        "has no \"\(extra)\"\(Suggestion.phrase(for: extra, in: Reader.keys)); it has "
          + Reader.keys.joined(separator: ", "))
    }
  }
}
