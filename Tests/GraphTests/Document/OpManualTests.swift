import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct OpManualTests {
  @Test func aPageNamesPortsParamsAndGradient() {
    let lines = OpManual.page(CheckedOps.registry["t.scale"]!).split(separator: "\n").map(String.init)
    #expect(lines[0] == "t.scale  (revision 1)" && lines[1] == "With an input that may be left out.")
    #expect(lines.contains { $0.hasPrefix("  mask: tensor<f32>") && $0.contains("optional") })
    #expect(lines.contains("  by = 1.0  a number from 0 to 10. factor"))
    #expect(lines.last == "numeric, differentiable")
  }

  @Test func theIndexHasALinePerOp() {
    let lines = OpManual.index(CheckedOps.registry).split(separator: "\n")
    #expect(lines.count == CheckedOps.registry.publicOps.count)
    #expect(lines.contains { $0.hasPrefix("t.boxes ") && $0.hasSuffix("A list of unknown length.") })
    #expect(OpManual.markdown(CheckedOps.registry).contains("| `t.scale` | `x` `mask` | `y` | `by = 1.0` `note?` |"))
  }
}
