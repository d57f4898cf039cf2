/// Nanoseconds of the monotonic clock.
func monotonicNanoseconds() -> UInt64 {
  let now = ContinuousClock.now - ContinuousClock.systemEpoch
  return UInt64(now.components.seconds) &* 1_000_000_000 &+ UInt64(now.components.attoseconds / 1_000_000_000)
}
