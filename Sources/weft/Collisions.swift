import Graph
import Language
import Nodes

/// Two items that would write one file are found before anything runs.
enum Collisions {
  static func check(_ items: [PlannedItem], out: String) throws(Fault) {
    var owners: [String: String] = [:]
    for planned in items {
      let plan = SavePlan(out: SavePlan.folder(out, planned), params: planned.params)
      for output in planned.graph.outputs {
        let index = SavePlan.isPerElement(output) && output.type.isList ? 0 : nil
        let path: String
        do throws(Fault) {
          let saver = try Saver(output.save?.settings ?? [:])
          path = try plan.path(output, item: planned.item, index: index, ending: Saver.ending(for: output.type))
          if output.save?.template != nil {
            try saver.check(index == nil ? output.type : output.type.element, path: path)
          }
        } catch { throw error.at(output.place) }
        let owner = "\(planned.title.map { "\($0): " } ?? "")output \"\(output.name)\""
        if let other = owners.updateValue(owner, forKey: path) { throw .collision(path, other, owner) }
      }
    }
  }
}

extension ValueType {
  var isList: Bool {
    switch self {
    case .list, .tuple, .stream: true
    case .optional(let inner): inner.isList
    default: false
    }
  }

  var element: ValueType {
    switch self {
    case .list(let inner), .stream(let inner): inner
    case .tuple(let items): items.first ?? .any
    default: self
    }
  }
}

extension Fault {
  static func collision(_ path: String, _ first: String, _ second: String) -> Fault {
    Fault(
      "usage", "\(path) would be written twice: by \(first) and by \(second); use {index} or {photo.stem}-like fields")
  }
}
