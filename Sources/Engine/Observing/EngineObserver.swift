import Language

/// Sees what happens while a graph runs. Called from many threads, on the threads that do the work: be quick.
public protocol EngineObserver: Sendable {
  func happened(_ event: EngineEvent)
}

/// One thing that happened. Paths of map items and loop steps carry their index: `faces[3]/detect`.
public enum EngineEvent: Sendable {
  public struct Node: Sendable {
    public let path: String
    public let op: String
    /// Monotonic clock, nanoseconds.
    public let start: UInt64
    public let end: UInt64
    /// Bytes of the results.
    public let bytes: Int
    /// Processor threads from 0, the io queue from 1000.
    public let thread: Int
    public let isFromCache: Bool
    /// Nodes compiled into one program and run together are one event; the others' paths are here.
    public let alsoPaths: [String]
    /// Items of a map that ran together in one program; the times are this item's share.
    public var gathered = 1

    public var seconds: Double { Double(end - start) / 1e9 }
  }

  public struct Step: Sendable {
    public let path: String
    /// Steps done, counted from 1.
    public let step: Int
    public let of: Int?
    public let loss: Double?
    /// Seconds spent in the loop so far, earlier runs included.
    public let seconds: Double
    /// Steps per second in this run.
    public let rate: Double
    /// Seconds until the last step at this rate.
    public let remaining: Double?
    /// Examples that one step learns from.
    public var examples: Int? = nil
  }

  case started(path: String, op: String, thread: Int)
  case finished(Node)
  case cached(path: String, op: String)
  case failed(path: String, op: String, Fault)
  case step(Step)
  /// An item of a map is done; `failed` counts those that failed so far.
  case item(path: String, done: Int, of: Int, failed: Int)
  /// Something went wrong that the run survives.
  case warned(Fault)
  /// A node inside a compiled program; only sent when asked for, see `RunOptions.observesPrograms`.
  case program(path: String, op: String, choice: String, start: UInt64, end: UInt64, bytes: Int, operations: Double)
}

/// Passes events on to several observers.
public struct ObserverGroup: EngineObserver {
  let members: [any EngineObserver]
  public init(_ members: [any EngineObserver]) { self.members = members }
  public func happened(_ event: EngineEvent) { for member in members { member.happened(event) } }
}
