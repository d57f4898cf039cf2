@testable import Engine

import Graph
import Language
import TestSupport
import Testing

/// What `why` says of a body that computes something else.
@Suite struct BodyNoteTests {
  private static func body(_ name: String = "shift", by: Double = 1, extra: Int = 0) -> FlatGraph.Body {
    let graph = GraphBuilder.build {
      var x = $0.node(name, "toy.shift", [[$0.input("x")]], ["by": .float(by)])
      for index in 0..<extra { x = $0.node("more\(index)", "toy.scale", [[x]]) }
      $0.output("y", x)
    }
    return FlatGraph.Body(graph: graph, bindings: [])
  }

  private static func differences(_ old: FlatGraph.Body, _ new: FlatGraph.Body) -> [String] {
    BodyNote.differences(from: BodyNote.parts(of: old), to: BodyNote.parts(of: new))
  }

  @Test func aParamIsNamedWithBothValues() {
    #expect(Self.differences(Self.body(by: 2), Self.body(by: 3)) == ["param by of shift changed from 2.0 to 3.0"])
    #expect(Self.differences(Self.body(), Self.body(by: 3)) == ["param by of shift is now 3.0"])
    #expect(Self.differences(Self.body(by: 3), Self.body()) == ["param by of shift is no longer 3.0"])
    #expect(Self.differences(Self.body(), Self.body()) == [])
  }

  @Test func nodesThatCameAreCounted() {
    #expect(Self.differences(Self.body(), Self.body(extra: 1)) == ["node more0 is new"])
    #expect(Self.differences(Self.body(), Self.body(extra: 6)).last == "and 2 more")
  }
}
