import Graph
import Language
import Tensors

/// Notes of the last run of a graph, by node path: what `why` compares with, and what `plan` expects of time and size.
final class RunLedger: Sendable {
  /// What a note is made from; most runs of many items never write theirs.
  private struct Mention {
    var node: FlatGraph.Node
    var outline: Outline
    var key: Digest
    var identities: [Int: Digest]
    var keys: KeyMaker
    var seed: UInt64
  }

  private struct State {
    var past: [String: NodeNote]?
    var mentions: [Mention] = []
    var ran = Set<String>()
    var measured: [String: (seconds: Double, bytes: Int)] = [:]
  }

  private let path: String?
  private let inputWords: [Int: String]
  private let state = Guarded(State())

  /// `store` nil: nothing is kept.
  init(store: ResultStore?, graphName: String, graph: FlatGraph, inputs: [String: Value]) {
    path = store?.folder.map { "\($0)/runs/\(Digest(of: graphName))" }
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

  /// The notes of earlier runs.
  var past: [String: NodeNote] {
    state.withLock { state in
      if let past = state.past { return past }
      let past = path.map(RunLedger.load) ?? [:]
      state.past = past
      return past
    }
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
    let mention = Mention(
      node: node, outline: outline, key: key, identities: identities, keys: keys, seed: seed)
    state.withLock { $0.mentions.append(mention) }
  }

  func measured(_ path: String, seconds: Double, bytes: Int) {
    if self.path != nil { state.withLock { $0.measured[path] = (seconds, bytes) } }
  }

  func ran(_ paths: @autoclosure () -> [String]) {
    guard path != nil else { return }
    let paths = paths()
    state.withLock { $0.ran.formUnion(paths) }
  }

  /// Merges this run's notes into the file.
  func save() {
    guard let path else { return }
    let past = past
    var notes = past
    let (mentions, ran, measured) = state.withLock { ($0.mentions, $0.ran, $0.measured) }
    for mention in mentions {
      var note = describe(
        mention.node, in: mention.outline, key: mention.key, identities: mention.identities, keys: mention.keys,
        seed: mention.seed)
      let path = mention.node.path
      let old = past[path]
      note.reason = ran.contains(path) ? note.reason(after: old) : old?.reason
      note.seconds = measured[path]?.seconds ?? old?.seconds
      note.bytes = measured[path]?.bytes ?? old?.bytes
      notes[path] = note
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
