import Dispatch
import Glibc
import Synchronization

/// The lower end of a terminal: lines that change in place, below everything that was said. All writing to standard
/// error goes through it, so that neither overwrites the other.
enum Screen {
  private struct State {
    /// In order of appearance.
    var lines: [(name: String, text: String)] = []
    var drawn = 0
    var lastDraw: UInt64 = 0
  }

  private static let state = Mutex(State())
  /// Ten redraws a second are enough for the eye.
  private static let pause: UInt64 = 100_000_000

  /// Text above the changing lines, which stays.
  static func say(_ text: String) {
    state.withLock { state in
      guard state.drawn > 0 else { return Output.write(text, to: 2) }
      Output.write(erasure(&state) + text + drawing(&state), to: 2)
    }
  }

  /// Changes or adds a line.
  static func show(_ name: String, _ text: String) {
    state.withLock { state in
      if let index = state.lines.firstIndex(where: { $0.name == name }) {
        state.lines[index].text = text
      } else {
        state.lines.append((name, text))
      }
      let now = DispatchTime.now().uptimeNanoseconds
      guard now - state.lastDraw > pause else { return }
      state.lastDraw = now
      Output.write(erasure(&state) + drawing(&state), to: 2)
    }
  }

  /// Lines that change no more move above the others and stay.
  static func settle(where isDone: (String) -> Bool) {
    state.withLock { state in
      let done = state.lines.filter { isDone($0.name) }
      guard !done.isEmpty else { return }
      let erasure = erasure(&state)
      state.lines.removeAll { isDone($0.name) }
      Output.write(erasure + done.map { $0.text + "\n" }.joined() + drawing(&state), to: 2)
    }
  }

  private static func erasure(_ state: inout State) -> String {
    defer { state.drawn = 0 }
    return state.drawn > 0 ? "\r\u{1B}[\(state.drawn)A\u{1B}[0J" : ""
  }

  /// Each line within the width of the terminal: a line that wraps would not be erased whole.
  private static func drawing(_ state: inout State) -> String {
    var size = winsize()
    let width = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    let height = size.ws_row > 3 ? Int(size.ws_row) - 2 : 20
    let shown = state.lines.suffix(height)
    state.drawn = shown.count
    return shown.map { String($0.text.prefix(width - 1)) + "\n" }.joined()
  }
}
