/// The keys of each part of a graph file, in the order in which `fmt` writes them.
public enum GraphKeys {
  public static let file = [
    "$schema", "format", "name", "doc", "ops", "params", "inputs", "weights", "nodes", "outputs", "graphs",
  ]
  public static let param = ["type", "default", "min", "max", "choices", "doc"]
  public static let input = ["type", "optional", "doc"]
  public static let node = [
    "op", "in", "with", "each", "weights", "taps", "body", "then", "else", "validate", "loss", "wrt", "state", "until",
    "keep", "checkpoint", "save_every", "on_error", "inflight", "batch", "cache", "expect", "stream", "doc",
  ]
  public static let output = ["from", "save", "optional", "doc"]
  public static let graph = ["doc", "inputs", "weights", "nodes", "outputs"]
  /// Of a weight binding that is more than a file.
  public static let weights = ["file", "rename", "layout"]
}
