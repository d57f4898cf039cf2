import Glibc

/// Processor time, which other tests and other programs on the machine do not stretch as they stretch a clock's.
public enum ProcessorTime {
  /// Seconds that this thread spent in `body`; what `body` hands to other threads is not in it.
  public static func ofThread<R>(_ body: () throws -> R) rethrows -> (seconds: Double, result: R) {
    let start = now()
    let result = try body()
    return (now() - start, result)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
