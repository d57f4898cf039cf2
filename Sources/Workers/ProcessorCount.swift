#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many processors there are.
public enum ProcessorCount {
  /// The processors that are online, at least 1.
  public static var active: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
