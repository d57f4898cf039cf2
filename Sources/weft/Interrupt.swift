import Glibc
import Workers

/// Ctrl-C: the first asks the run to stop after a checkpoint, the second ends the program.
enum Interrupt {
  // Set once, by `install`, before the handler and the watcher that read them are there.
  nonisolated(unsafe) private static var ends: [Int32] = []
  // Of `ends`; by itself, because a handler may not look into an array.
  nonisolated(unsafe) private static var writer: Int32 = -1
  nonisolated(unsafe) private static var token = CancelToken()

  /// Watches for SIGINT from now on. The watcher is a thread of its own: Dispatch starts none for its queues while the
  /// nodes that run keep as many as there are processors, so that a request to stop would wait for their end.
  static func install(_ cancel: CancelToken) {
    guard ends.isEmpty else { return }
    ends = [-1, -1]
    // Without a pipe or a thread the program keeps the system's answer to Ctrl-C, which is to end.
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    writer = ends[1]
    token = cancel
    var thread = pthread_t()
    guard pthread_create(&thread, nil, { _ in Interrupt.watch() }, nil) == 0 else { return }
    signal(SIGINT) { _ in
      // To write is all that a handler may do; the call that it interrupts keeps its error number.
      let before = errno
      var byte: UInt8 = 0
      _ = write(Interrupt.writer, &byte, 1)
      errno = before
    }
  }

  private static func watch() -> UnsafeMutableRawPointer? {
    // Whoever started the program may have done so with the signal blocked, as threads of Dispatch do.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) == 1 {
      if token.isCancelled { _exit(ExitStatus.interrupted) }
      // The request first: the message may wait for a terminal that is held.
      token.cancel()
      Output.error("\nstopping after a checkpoint; Ctrl-C again ends at once")
    }
    return nil
  }
}
