import Language

/// What a reference stands for while a graph is being checked.
indirect enum Wire {
  /// A value of a graph under construction.
  case value(FlatGraph.ValueIndex, FlatBuilder, ValueType, Origin)
  case constant(Value, ValueType, Origin)
  /// A list whose elements are known one by one.
  case list([Wire], Origin)
  /// An element of a list that some node makes.
  case item(Wire, Int, ValueType, Origin)
  /// Something that has been reported already: whatever depends on it is not reported again.
  case broken

  /// Where a value comes from, for the notes of a diagnostic.
  struct Origin {
    /// The path of the node, or all of the text.
    private let source: String
    private let isNode: Bool
    /// Of a node with several.
    private let port: String?
    let place: Place?
    /// Where an input of an opened graph comes from, nearest first.
    let earlier: [Fault.Note]

    init(text: String, place: Place?, earlier: [Fault.Note] = []) {
      (source, isNode, port, self.place, self.earlier) = (text, false, nil, place, earlier)
    }

    /// Of a node's result; the text is put together only for those who read it.
    init(madeBy path: String, port: String?, place: Place?) {
      (source, isNode, self.port, self.place, earlier) = (path, true, port, place, [])
    }

    /// `from paint/loss.total`, `declared at`…
    var text: String { isNode ? "from \(source)\(port.map { ".\($0)" } ?? "")" : source }

    /// For a line under the note of what was made of it.
    func note(_ text: String) -> Fault.Note { Fault.Note("    that is \(text), \(self.text)", at: place) }
  }

  static let maximumLeaves = 100_000

  /// Values in the list, counted up to `limit`: lists may share parts and be far longer than what was written.
  func leafCount(limit: Int) -> Int {
    guard case .list(let items, _) = self else { return 1 }
    var count = 0
    for item in items where count < limit { count += item.leafCount(limit: limit - count) }
    return max(1, count)
  }

  var type: ValueType {
    switch self {
    case .value(_, _, let type, _), .constant(_, let type, _), .item(_, _, let type, _): type
    case .list(let items, _): .tuple(items.map(\.type))
    case .broken: .any
    }
  }

  var origin: Origin {
    switch self {
    case .value(_, _, _, let origin), .constant(_, _, let origin), .list(_, let origin), .item(_, _, _, let origin):
      origin
    case .broken: Origin(text: "", place: nil)
    }
  }

  var isBroken: Bool {
    switch self {
    case .broken: true
    case .list(let items, _): items.contains(where: \.isBroken)
    default: false
    }
  }

  /// The value, when it is known before the run.
  var known: Value? {
    switch self {
    case .constant(let value, _, _): return value
    case .list(let items, _):
      let values = items.compactMap(\.known)
      return values.count == items.count ? .list(values) : nil
    default: return nil
    }
  }

  /// The innermost graph the wire reads from; nil for constants.
  var home: FlatBuilder? {
    switch self {
    case .value(_, let builder, _, _): builder
    case .item(let list, _, _, _): list.home
    case .constant, .broken: nil
    case .list(let items, _): items.compactMap(\.home).max { $0.depth < $1.depth }
    }
  }

  /// The same wire under another type, where a declaration says more than inference could, or seen from elsewhere.
  func typed(_ type: ValueType, origin: Origin? = nil) -> Wire {
    switch self {
    case .value(let index, let builder, _, let old): .value(index, builder, type, origin ?? old)
    case .constant(let value, _, let old): .constant(value, type, origin ?? old)
    case .list(let items, let old): .list(items, origin ?? old)
    case .item(let list, let index, _, let old): .item(list, index, type, origin ?? old)
    case .broken: self
    }
  }

  /// The elements of a list whose length is known before the run, where they are few enough to be written out.
  var elements: [Wire]? {
    if case .list(let items, _) = self { return items }
    guard case .tuple(let types) = type, types.count <= 64 else { return nil }
    switch self {
    case .value, .item: return types.enumerated().map { .item(self, $0, $1, origin) }
    default: return nil
    }
  }

  /// Nothing, known as such: an optional input that was not connected.
  var isAbsent: Bool {
    if case .constant(.none, .optional, _) = self { true } else { false }
  }
}
