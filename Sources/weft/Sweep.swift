import Graph
import Language
import Nodes

/// `--sweep name=a,b,c`: every combination of the values.
enum Sweep {
  struct Variant: Sendable {
    let name: String?
    let params: [String: Literal]
  }

  static func variants(_ sweeps: [String], _ opened: OpenedGraph) throws(Fault) -> [Variant] {
    var variants = [Variant(name: nil, params: [:])]
    for sweep in sweeps {
      let equals = sweep.firstIndex(of: "=")!
      let name = String(sweep[..<equals])
      guard let param = opened.file?.params.first(where: { $0.name == name }) else {
        throw .noSuchName(name, opened.file?.params.map(\.name) ?? [])
      }
      let type: ValueType
      do { type = try ValueType(parsing: param.type.value) } catch { throw error.at(param.type.place) }
      var next: [Variant] = []
      for variant in variants {
        for text in sweep[sweep.index(after: equals)...].split(separator: ",").map(String.init) {
          let value = try InputReader.literal(text, for: type, name: name)
          next.append(
            Variant(
              name: (variant.name.map { $0 + "," } ?? "") + "\(name)=\(text)",
              params: variant.params.merging([name: value]) { $1 }))
        }
      }
      variants = next
    }
    return variants
  }
}
