import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct DrawingTests {
  static var styled: Checked {
    Checked(
      nodes: """
        "net": {"op": "nets/net.json", "in": {"x": "@x"}, "weights": "w/net.safetensors"},
        "goal": {"op": "t.gram", "in": {"x": "net"}},
        "paint": {"op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": {"canvas": "@x"},
                  "in": {"goal": "goal"}, "until": {"steps": 5}}
        """, outputs: #""picture": "paint.canvas", "curve": "paint.log""#,
      more: """
        "graphs": {"loss": {"inputs": {"canvas": "tensor<f32>[1,3,H,W]", "goal": "tensor<f32>[K,K]"},
          "nodes": {"now": {"op": "nets/net.json", "in": {"x": "@canvas"}, "weights": "w/net.safetensors"},
                    "gram": {"op": "t.gram", "in": {"x": "now"}},
                    "close": {"op": "t.mse", "in": {"a": "gram", "b": "@goal"}}},
          "outputs": {"total": "close"}}},
        """, files: ScopeWeightsTests.files)
  }

  static func boxes(_ cluster: Drawing.Cluster) -> [String] {
    cluster.boxes.map(\.id) + cluster.clusters.flatMap { boxes($0) }
  }

  @Test func idsAreGraphPathsAndOtherFilesAreOneBox() {
    #expect(Self.styled.text == "")
    let drawing = Drawing(Self.styled.graph, title: "styled")
    let boxes = Set(Self.boxes(drawing.root))
    #expect(
      boxes.isSuperset(of: [
        ">curve", ">picture", "@x", "goal", "net", "paint", "paint/@canvas", "paint/close", "paint/gram", "paint/now",
      ]))
    #expect(!boxes.contains { $0.hasPrefix("net/") || $0.hasPrefix("paint/now/") }, "\(boxes)")
    #expect(drawing.box(of: "net/block/conv") == "net" && drawing.collapsed["net/one"] == "net")
    #expect(drawing.root.clusters.map(\.path) == ["paint"] && drawing.root.clusters[0].isBody)
    #expect(drawing.root.clusters[0].title == "paint: optim.minimize × 5")
  }

  @Test func otherFilesAreOpenedWhenAsked() {
    let drawing = Drawing(Self.styled.graph, title: "styled", expandsFiles: true)
    let boxes = Self.boxes(drawing.root)
    #expect(boxes.contains("net/block/conv") && boxes.contains("paint/now/relu4_2") && !boxes.contains("net"))
    #expect(drawing.collapsed.isEmpty)
  }

  @Test func everyEdgeJoinsTwoBoxes() {
    for expands in [false, true] {
      let drawing = Drawing(Self.styled.graph, title: "styled", expandsFiles: expands)
      let boxes = Set(Self.boxes(drawing.root))
      #expect(drawing.edges.allSatisfy { boxes.contains($0.from) && boxes.contains($0.to) && $0.from != $0.to })
      #expect(Set(drawing.edges).count == drawing.edges.count)
    }
  }

  @Test(arguments: [
    ("tensor<f32>[1,3,H/2,W] rgb NCHW 0..1", "1×3×H/2×W rgb 0..1"), ("tensor<f32>[]", "scalar"), ("tensor", "tensor"),
    ("tensor<u8>[H] HWC", "u8 H HWC"), ("image<rgb8>[H,W]", "rgb8 H×W"), ("list<file>?", "list of file?"),
    ("list<int; int>", "list of 2"), ("stream<image[H,W]>", "stream of image H×W"), ("any", ""), ("table", "table"),
  ])
  func typesAreShort(_ type: String, _ short: String) throws {
    #expect(Drawing.short(try ValueType(parsing: type)) == short)
  }
}
