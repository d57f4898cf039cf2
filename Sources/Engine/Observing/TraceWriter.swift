import Language
import Tensors

/// Collects events and writes them as a Chrome trace (`chrome://tracing`, Perfetto).
public final class TraceWriter: EngineObserver {
  private let lines = Guarded<[String]>([])
  private let origin = Clock.now()

  public init() {}

  public func happened(_ event: EngineEvent) {
    let line: String
    switch event {
    case .finished(let node):
      line = entry(
        node.path, node.op, node.start, node.end, node.thread,
        "\"op\":\(quoted(node.op)),\"queue\":\"\(node.thread >= 1000 ? "io" : "cpu")\",\"bytes\":\(node.bytes),\"cache\":\"\(node.isFromCache ? "hit" : "miss")\","
          + "\"nodes\":\(node.alsoPaths.count + 1),\"batch\":\(node.gathered),\"paths\":[\(node.alsoPaths.map(quoted).joined(separator: ","))]"
      )
    case .program(let path, let op, let choice, let start, let end, let bytes, let operations):
      line = entry(
        path, op, start, end, 2000,
        "\"op\":\(quoted(op)),\"kernel\":\(quoted(choice)),\"bytes\":\(bytes),\"operations\":\(operations)")
    case .cached(let path, let op):
      line =
        "{\"name\":\(quoted(path)),\"cat\":\(quoted(op)),\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":0,"
        + "\"ts\":\(microseconds(Clock.now())),\"args\":{\"op\":\(quoted(op)),\"cache\":\"hit\"}}"
    case .step(let step):
      guard let loss = step.loss, loss.isFinite else { return }
      line =
        "{\"name\":\(quoted(step.path + " loss")),\"ph\":\"C\",\"pid\":1,\"ts\":\(microseconds(Clock.now())),"
        + "\"args\":{\"loss\":\(loss)}}"
    case .started, .failed, .item, .warned: return
    }
    lines.withLock { $0.append(line) }
  }

  private func microseconds(_ time: UInt64) -> Double { time < origin ? 0 : Double(time - origin) / 1000 }

  private func entry(
    _ path: String, _ op: String, _ start: UInt64, _ end: UInt64, _ thread: Int, _ arguments: String
  ) -> String {
    "{\"name\":\(quoted(path)),\"cat\":\(quoted(op)),\"ph\":\"X\",\"pid\":1,\"tid\":\(thread),"
      + "\"ts\":\(microseconds(start)),\"dur\":\(Double(end - start) / 1000),\"args\":{\(arguments)}}"
  }

  private func quoted(_ text: String) -> String { Literal.string(text).description }

  /// The trace as JSON.
  public var text: String {
    let names = ["{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"weft\"}}"]
    return "{\"traceEvents\":[\n" + (names + lines.withLock { $0 }).joined(separator: ",\n") + "\n]}\n"
  }

  /// Writes the trace; false when the file cannot be written.
  public func write(to path: String) -> Bool {
    var text = text
    return text.withUTF8 {
      Files.write(UnsafeRawBufferPointer($0), to: path, temporary: "\(path).\(Files.processID)")
    }
  }
}
