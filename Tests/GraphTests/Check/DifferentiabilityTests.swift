import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct DifferentiabilityTests {
  static func faults(_ body: String) -> [String] {
    Checked(
      nodes: """
        "p": {"op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": {"c": "@x", "d": "@x"},
              "until": {"steps": 2}}
        """, outputs: #""y": "p.c""#,
      more: """
        "graphs": {"loss": {"inputs": {"c": "tensor<f32>", "d": "tensor<f32>"}, "nodes": {\(body)},
                            "outputs": {"total": "m", "other": "o"}}},
        """
    ).result.faults.map(\.message)
  }

  @Test func onlyWhatLiesOnThePathNeedsAGradient() {
    #expect(
      Self.faults(
        #""o": {"op": "t.floor", "in": {"x": "@c"}}, "m": {"op": "t.mse", "in": {"a": "@c", "b": "@d"}}"#) == [])
  }

  @Test func everyNodeWithoutOneIsNamed() {
    let faults = Self.faults(
      """
      "f": {"op": "t.floor", "in": {"x": "@c"}}, "o": {"op": "t.relu", "in": {"x": "f"}},
      "g": {"op": "t.floor", "in": {"x": "@d"}}, "m": {"op": "t.mse", "in": {"a": "o", "b": "g"}}
      """)
    #expect(faults.count == 2 && faults.allSatisfy { $0.contains("has no gradient") })
  }

  @Test func aValueThatTheLossIgnoresIsNamed() {
    let faults = Self.faults(
      #""o": {"op": "t.relu", "in": {"x": "@d"}}, "m": {"op": "t.mse", "in": {"a": "@c", "b": "@c"}}"#)
    #expect(faults == ["the loss \"total\" does not depend on \"d\", which is to be optimised"])
  }
}
