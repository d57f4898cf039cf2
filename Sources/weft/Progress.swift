import Dispatch
import Engine
import Glibc
import Graph
import Language
import Synchronization

/// Tells people how far a run is, on standard error: on a terminal one line per running loop or map, redrawn; elsewhere
/// a plain line now and then.
final class Progress: EngineObserver {
  enum Style: String, CaseIterable { case auto, plain, none }

  private struct State {
    /// The lines that are up, in order of appearance.
    var lines: [(path: String, text: String)] = []
    var drawn = 0
    var lastDraw: UInt64 = 0
    var lastPlain: [String: UInt64] = [:]
  }

  private let isTerminal: Bool
  private let style: Style
  private let state = Mutex(State())

  init(_ style: Style) {
    self.style = style
    isTerminal = style == .auto && isatty(2) == 1
  }

  func happened(_ event: EngineEvent) {
    guard style != .none else { return }
    switch event {
    case .step(let step):
      show(step.path, text(step), isLast: step.step == step.of)
    case .item(let path, let done, let of, let failed):
      show(path, "\(path)  \(done)/\(of) items" + (failed > 0 ? ", \(failed) failed" : ""), isLast: done == of)
    default: break
    }
  }

  /// `paint  40/300  2.1 steps/s  loss 8.2548  2 min 3 s left`.
  private func text(_ step: EngineEvent.Step) -> String {
    var parts = [step.path, step.of.map { "\(step.step)/\($0)" } ?? "\(step.step)"]
    parts.append(
      step.rate >= 1 ? "\(rounded(step.rate)) steps/s" : "\(Quantity.seconds(1 / max(step.rate, 1e-9)))/step")
    if let loss = step.loss { parts.append("loss \(significant(loss))") }
    if let left = step.remaining, left.isFinite { parts.append("\(Quantity.seconds(left)) left") }
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
    let now = DispatchTime.now().uptimeNanoseconds
    state.withLock { state in
      if isTerminal {
        if let index = state.lines.firstIndex(where: { $0.path == path }) {
          state.lines[index].text = text
        } else {
          state.lines.append((path, text))
        }
        guard isLast || now - state.lastDraw > 100_000_000 else { return }
        state.lastDraw = now
        redraw(&state, finished: isLast ? path : nil)
      } else {
        // Ten seconds between plain lines of one loop: a log stays readable.
        if !isLast, let last = state.lastPlain[path], now - last < 10_000_000_000 { return }
        if state.lastPlain[path] == nil, !isLast {
          state.lastPlain[path] = now
          return
        }
        state.lastPlain[path] = now
        Output.error(text)
      }
    }
  }

  /// A finished line moves above those that still change and is not drawn again.
  private func redraw(_ state: inout State, finished: String?) {
    let done = state.lines.filter { $0.path == finished }
    state.lines.removeAll { $0.path == finished }
    var output = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
    for line in done + state.lines { output += "\r\u{1B}[2K\(line.text)\n" }
    state.drawn = state.lines.count
    Output.raw(output)
  }
}
