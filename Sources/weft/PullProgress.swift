import Dispatch
import Glibc
import Graph

/// How far a download is, on standard error: a line redrawn on a terminal, a line now and then elsewhere.
final class PullProgress {
  private let name: String
  private let isTerminal = isatty(2) == 1
  private var last: UInt64 = 0

  init(_ name: String) { self.name = name }

  func show(_ now: Int, _ total: Int) {
    let time = DispatchTime.now().uptimeNanoseconds
    guard now > 0, time - last > (isTerminal ? 200_000_000 : 10_000_000_000) else { return }
    // Elsewhere than on a terminal short downloads say nothing.
    defer { last = time }
    if !isTerminal, last == 0 { return }
    let text = "\(name)  \(Quantity.bytes(now))" + (total > 0 ? " of \(Quantity.bytes(total))" : "")
    if isTerminal { Screen.show(name, text) } else { Output.error(text) }
  }

  func end() { if isTerminal { Screen.settle { $0 == name } } }
}
