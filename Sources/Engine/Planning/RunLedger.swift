import Graph
import Language
import Tensors

/// Notes of the last run of a graph, by node path: what `why` compares with, and what `plan` expects of time and size.
final class RunLedger: Sendable {
  private struct State {
    var notes: [String: NodeNote] = [:]
    var ran = Set<String>()
    var measured: [String: (seconds: Double, bytes: Int)] = [:]
  }

  let past: [String: NodeNote]
  private let path: String?
  private let inputWords: [Int: String]
  private let state = Guarded(State())

  /// `store` nil: nothing is kept.
  init(store: ResultStore?, graphName: String, graph: FlatGraph, inputs: [String: Value]) {
    path = store?.folder.map { "\($0)/runs/\(Digest(of: graphName))" }
    past = path.map(RunLedger.load) ?? [:]
    var words: [Int: String] = [:]
    for input in graph.inputs {
      guard let value = inputs[input.name] else { continue }
      if case .file(let path) = value {
        words[input.value] = "content of \(NodeNote.name(path))"
      } else {
        words[input.value] = "input \(input.name)"
      }
    }
    inputWords = words
  }

  func describe(
    _ node: FlatGraph.Node, in outline: Outline, key: Digest, identities: [Int: Digest], keys: KeyMaker, seed: UInt64
  ) -> NodeNote {
    NodeNote(
      node, in: outline, key: key, identities: identities, inputWords: inputWords, keys: keys, seed: seed)
  }

  func note(
    _ node: FlatGraph.Node, in outline: Outline, key: Digest, identities: [Int: Digest], keys: KeyMaker, seed: UInt64
  ) {
    guard path != nil else { return }
    let note = describe(node, in: outline, key: key, identities: identities, keys: keys, seed: seed)
    state.withLock { $0.notes[node.path] = note }
  }

  func measured(_ path: String, seconds: Double, bytes: Int) {
    state.withLock { $0.measured[path] = (seconds, bytes) }
  }

  func ran(_ paths: [String]) { state.withLock { $0.ran.formUnion(paths) } }

  /// Merges this run's notes into the file.
  func save() {
    guard let path else { return }
    var notes = past
    state.withLock { state in
      for (path, note) in state.notes {
        var note = note
        let old = past[path]
        note.reason = state.ran.contains(path) ? note.reason(after: old) : old?.reason
        note.seconds = state.measured[path]?.seconds ?? old?.seconds
        note.bytes = state.measured[path]?.bytes ?? old?.bytes
        notes[path] = note
      }
    }
    var writer = ByteWriter()
    writer.put(notes.count)
    for (path, note) in notes.sorted(by: { $0.key < $1.key }) {
      writer.put(path)
      note.encode(&writer)
    }
    let digest = writer.bytes.withUnsafeBytes { Digest(of: $0) }
    writer.put(digest)
    writer.bytes.withUnsafeBytes { bytes in
      _ = Files.write(bytes, to: path, temporary: "\(path).\(Files.processID)")
    }
  }

  private static func load(_ path: String) -> [String: NodeNote] {
    guard let buffer = Files.read(path), buffer.byteCount > 16 else { return [:] }
    let body = UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount - 16)
    var reader = ByteReader(buffer)
    do {
      var notes: [String: NodeNote] = [:]
      for _ in 0..<(try reader.count(of: 48)) { notes[try reader.text()] = try NodeNote(&reader) }
      return try reader.digest() == Digest(of: body) ? notes : [:]
    } catch { return [:] }
  }
}
