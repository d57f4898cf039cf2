import Dispatch
import Glibc
import Workers

/// Ctrl-C: the first asks the run to stop after a checkpoint, the second ends the program.
enum Interrupt {
  // Kept alive for the life of the process; set once, before anything runs.
  nonisolated(unsafe) private static var source: (any DispatchSourceSignal)?

  static func install(_ cancel: CancelToken) {
    guard source == nil else { return }
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global(qos: .userInteractive))
    source.setEventHandler {
      if cancel.isCancelled { _exit(ExitStatus.interrupted) }
      Output.error("\nstopping after a checkpoint; Ctrl-C again ends at once")
      cancel.cancel()
    }
    source.resume()
    Interrupt.source = source
  }
}
