import Graph
import Language
import Tensors

/// Wording of what can go wrong while a graph runs.
extension Fault {
  static func noSuchWeight(_ name: String, _ source: String, _ names: [String]) -> Fault {
    Fault("weights", "\(source) holds no \"\(name)\"\(Suggestion.phrase(for: name, in: names))")
  }

  static func unreadable(_ path: String) -> Fault { Fault("file", "cannot read \(path)") }

  static let cancelled = Fault("cancelled", "interrupted")

  var isCancellation: Bool { code == "cancelled" }

  static func missingInput(_ name: String, at place: Place?) -> Fault {
    Fault("input", "input \"\(name)\" is not given", at: place)
  }

  static func unknownInput(_ name: String, _ names: [String]) -> Fault {
    Fault("input", "the graph has no input \"\(name)\"\(Suggestion.phrase(for: name, in: names))")
  }

  static func unknownTarget(_ name: String, _ names: [String]) -> Fault {
    Fault("target", "the graph has no node or output \"\(name)\"\(Suggestion.phrase(for: name, in: names))")
  }

  static func unequalZip(_ lengths: [(name: String, count: Int)]) -> Fault {
    let words = lengths.map { "\"\($0.name)\" has \($0.count)" }.joined(separator: ", ")
    return Fault("zip", "lists that are walked together differ in length: \(words)")
  }

  static func notAList(_ name: String, _ kind: String) -> Fault {
    Fault("type", "\"\(name)\" is walked item by item, but carries \(kind)")
  }

  static func noItem(_ index: Int, _ kind: String) -> Fault { Fault("run", "item \(index) asked of \(kind)") }

  static func notNumeric(_ op: String, port: String, _ kind: String) -> Fault {
    Fault("type", "\(op) computes on tensors and images, but port \"\(port)\" carries \(kind)")
  }

  static func notBoolean(_ kind: String) -> Fault { Fault("type", "the condition carries \(kind), not a boolean") }

  static func resultCount(_ op: String, _ count: Int, _ wanted: Int) -> Fault {
    Fault("run", "\(op) gave \(count) results where \(wanted) are declared")
  }

  static func noBodyOutput(_ name: String, _ names: [String]) -> Fault {
    Fault("body", "the body has no output \"\(name)\"\(Suggestion.phrase(for: name, in: names))")
  }

  static func hostInMinimise(_ path: String, _ op: String) -> Fault {
    Fault("gradient", "node \(path) (\(op)) depends on what is optimised, but does not compute on tensors")
  }

  static func stateChangesType(_ name: String, _ start: String, _ made: Concrete) -> Fault {
    Fault(
      "state", "state \"\(name)\" starts as \(start), but a step makes it \(made.dtype.rawValue)\(made.shape)")
  }

  static func notAStream(_ name: String, _ kind: String) -> Fault {
    Fault("type", "\"\(name)\" gives an element per step, but carries \(kind)")
  }

  static func notATensor(_ name: String, _ kind: String) -> Fault {
    Fault("type", "\"\(name)\" must be a tensor, but is \(kind)")
  }

  static func noLoopOp(_ op: String) -> Fault { Fault("run", "\(op) cannot minimise") }

  static func unboundedLoop() -> Fault {
    Fault("until", "the loop would never stop: give it steps, seconds or a condition")
  }

  static func checkpointRefused(_ step: Int, _ reason: String, kept: Int, _ folder: String) -> Fault {
    Fault(
      "checkpoint", "the state after step \(step) could not be written to \(folder): \(reason); the run goes on",
      notes: [
        Note(
          kept == 0
            ? "an interrupted run begins again: no state was written before"
            : "an interrupted run resumes at step \(kept), whose state is kept")
      ])
  }

  static func trappedNaN(_ path: String, _ op: String, step: UInt64) -> Fault {
    Fault("nan", "\(path) (\(op)) made the first NaN, at step \(step)")
  }

  /// The fault placed at a node, with the node named.
  func inside(_ node: FlatGraph.Node, _ path: String) -> Fault {
    if isCancellation { return self }
    let text = "in node \(path) (op \(node.op.name))"
    // A region names the node it could not bind; the unit around it has nothing to add.
    return notes.contains { $0.text == text } ? at(node.place) : at(node.place).noting(text)
  }
}
