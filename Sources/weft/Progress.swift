import Dispatch
import Engine
import Glibc
import Graph
import Language
import Synchronization

/// Tells people how far a run of an item is, on standard error: on a terminal one line per running loop or map, redrawn;
/// elsewhere a plain line now and then.
final class Progress: EngineObserver {
  enum Style: String, CaseIterable { case auto, plain, none }

  private let style: Style
  private let isTerminal: Bool
  /// The item's name before every path; empty when there is but one.
  private let prefix: String
  /// When a plain line of a path was last written.
  private let written = Mutex<[String: UInt64]>([:])
  /// Between plain lines of one loop: a log stays readable.
  private static let pause: UInt64 = 10_000_000_000

  init(_ style: Style, item: String?) {
    self.style = style
    isTerminal = style == .auto && isatty(2) == 1
    prefix = item.map { "\($0): " } ?? ""
  }

  func happened(_ event: EngineEvent) {
    if case .warned(let fault) = event { Output.error(prefix + fault.description) }
    guard style != .none else { return }
    switch event {
    case .step(let step): show(step.path, text(step), isLast: step.step == step.of)
    case .item(let path, let done, let of, let failed):
      // Elsewhere than on a terminal the end of a map says nothing that the results do not, unless items failed.
      if !isTerminal, failed == 0, done == of { return }
      show(path, "\(path)  \(done)/\(of) items" + (failed > 0 ? ", \(failed) failed" : ""), isLast: done == of)
    case .finished(let node) where isTerminal: Screen.settle { $0 == prefix + node.path }
    default: break
    }
  }

  /// The item is done: none of its lines changes any more.
  func end() {
    if isTerminal { Screen.settle { $0.hasPrefix(prefix) } }
  }

  /// `paint  40/300  2.1 steps/s  loss 8.2548  2 min 3 s left`.
  private func text(_ step: EngineEvent.Step) -> String {
    var parts = [step.path, step.of.map { "\(step.step)/\($0)" } ?? "\(step.step)"]
    parts.append(
      step.rate >= 1 ? "\(rounded(step.rate)) steps/s" : "\(Quantity.seconds(1 / max(step.rate, 1e-9)))/step")
    if let examples = step.examples, examples > 1 {
      parts.append("\(rounded(step.rate * Double(examples))) samples/s")
    }
    if let loss = step.loss { parts.append("loss \(significant(loss))") }
    if step.step == step.of {
      parts.append("in \(Quantity.seconds(step.seconds))")
    } else if let left = step.remaining, left.isFinite {
      parts.append("\(Quantity.seconds(left)) left")
    }
    return parts.joined(separator: "  ")
  }

  private func rounded(_ value: Double) -> String { String((value * 10).rounded() / 10) }

  /// Six significant digits.
  private func significant(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return String(value) }
    let scale = pow(10, 5 - floor(log10(abs(value))))
    let result = (value * scale).rounded() / scale
    return result == result.rounded() && abs(result) < 1e15 ? String(Int(result)) : String(result)
  }

  private func show(_ path: String, _ text: String, isLast: Bool) {
    let name = prefix + path
    if isTerminal {
      Screen.show(name, prefix + text)
      if isLast { Screen.settle { $0 == name } }
      return
    }
    let isDue = written.withLock { written in
      // Read under the lock: whoever waited for it must not be earlier than who held it.
      let now = DispatchTime.now().uptimeNanoseconds
      defer { if isLast { written[path] = nil } }
      // The first line comes after the first pause: short loops write only their last.
      guard let last = written[path] else {
        written[path] = now
        return isLast
      }
      if isLast || now - last >= Progress.pause { written[path] = now }
      return isLast || now - last >= Progress.pause
    }
    if isDue { Output.error(prefix + text) }
  }
}
