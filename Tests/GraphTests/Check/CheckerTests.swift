import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct CheckerTests {
  /// The example of the format's description: someone tapped one layer too deep.
  @Test func bothEndsOfAnEdgeAreShownWithWhereTheyComeFrom() {
    let style = """
      {"format": 1,
       "inputs": {"content": "file", "style": "file"},
       "nodes": {
        "a": {"op": "t.load", "in": {"file": "@content"}},
        "x": {"op": "t.tensor", "in": {"image": "a"}},
        "goal": {"op": "graph:taps", "in": {"x": "x"}},
        "paint": {"op": "optim.minimize", "body": "graph:loss", "wrt": {"canvas": "x"},
                  "in": {"goal": "goal.shallow"}, "until": {"steps": 9}}
       },
       "outputs": {"image": "paint.canvas"},
       "graphs": {
        "taps": {
         "inputs": {"x": "tensor<f32>[1,3,H,W] rgb 0..1"},
         "nodes": {
          "one": {"op": "t.conv", "in": {"x": "@x"}, "with": {"channels": 8, "stride": 2}},
          "two": {"op": "t.conv", "in": {"x": "one"}, "with": {"channels": 8, "stride": 2}}
         },
         "outputs": {"shallow": "one", "deep": "two"}
        },
        "loss": {
         "inputs": {"canvas": "tensor<f32>[1,3,H,W] rgb 0..1", "goal": "tensor<f32>[1,C,(H+1)/2,(W+1)/2]"},
         "nodes": {
          "now": {"op": "graph:taps", "in": {"x": "@canvas"}},
          "close": {"op": "t.mse", "in": {"a": "now.deep", "b": "@goal"}}
         },
         "outputs": {"total": "close"}
        }
       }
      }
      """
    #expect(
      Checked(style).text == """
        g.json:24:42: error[shape]: t.mse "close": ports a and b differ in dimension 2: (H+3)/4 and (H+1)/2
           a = now.deep  tensor<f32>[1,8,(H+3)/4,(W+3)/4]  from paint/now/two   g.json:16:5
           b = @goal     tensor<f32>[1,8,(H+1)/2,(W+1)/2]  declared at   g.json:21:58
               that is goal.shallow, from goal/one   g.json:15:5

        """)
  }
}
