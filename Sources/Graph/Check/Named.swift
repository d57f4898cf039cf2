/// Values by name, in the order in which they were added: what stands at the ports and params of a node. They are few, so
/// they are looked through, which is faster than hashing names, and takes an array where a dictionary takes a table.
struct Named<Value>: RandomAccessCollection, ExpressibleByDictionaryLiteral {
  typealias Element = (key: String, value: Value)

  private var entries: [Element] = []

  init() {}

  init(dictionaryLiteral elements: (String, Value)...) {
    for (name, value) in elements { self[name] = value }
  }

  var startIndex: Int { 0 }
  var endIndex: Int { entries.count }
  subscript(position: Int) -> Element { entries[position] }

  var names: [String] { entries.map(\.key) }

  subscript(name: String) -> Value? {
    get { entries.first { $0.key == name }?.value }
    set {
      let known = entries.firstIndex { $0.key == name }
      switch (known, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append((name, value))
      case (nil, nil): break
      }
    }
  }

  mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

  func filter(_ isIncluded: (Element) -> Bool) -> Named {
    var result = Named()
    result.entries = entries.filter(isIncluded)
    return result
  }

  func mapValues<Other>(_ change: (Value) -> Other) -> [String: Other] {
    Dictionary(uniqueKeysWithValues: entries.map { ($0.key, change($0.value)) })
  }
}
