import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// A picture painted tile by tile against the same picture painted as a whole.
@Suite struct StyleTilesTests {
  @Test(arguments: ["gram", "wasserstein", "moments"])
  func `losses, gradient and picture are those of the whole`(_ term: String) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 134, "height": 101, "seed": 7 } },
          "painting": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 90, "height": 84, "seed": 3 } }
        },
        "outputs": { "photo": "photo", "painting": "painting" }
      }
      """, "pictures.json")
    try #require(try program.run(["run", "pictures.json", "--out", "in"]).status == 0)
    var curves: [[[Double]]] = []
    var pictures: [[UInt8]] = []
    for tile in [0, 32] {
      let outcome = try program.run([
        "run", "style/transfer.json", "content=in/photo.png", "style=in/painting.png", "size=134", "style_size=90",
        "steps=4", "optimizer=adam", "lr=0.02", "style_term=\(term)", "content_layers=[\"relu2_2\",\"relu3_1\"]",
        "style_layers=[\"relu1_1\",\"relu2_1\",\"relu3_1\"]", "style_weight=100", "tile=\(tile)", "margin=32", "--out",
        "out\(tile)",
      ])
      try #require(outcome.status == 0, "\(outcome.errors)")
      let table = try program.table("out\(tile)/photo-painting.csv")
      #expect(table.header == "total,content,style,tv,grad_norm")
      curves.append(table.rows)
      pictures.append(
        try ImageFile.read(program.folder.appendingPathComponent("out\(tile)/photo-painting.png").path).pixels.elements(
          UInt8.self))
    }
    try #require(curves[0].count == 4 && curves[1].count == 4)
    for (index, (whole, tiled)) in zip(curves[0], curves[1]).enumerated() {
      // Adam's first steps follow the sign of the gradient: where that is nearly 0, rounding decides which way, and the
      // matrix roots of the Wasserstein distance round most. The first evaluation has no such history.
      let limit = index == 0 ? 1e-5 : term == "wasserstein" ? 1e-3 : 1e-4
      for column in 0..<5 where abs(whole[column]) > 1e-7 {
        let error = abs(tiled[column] - whole[column]) / abs(whole[column])
        #expect(error < limit, "row \(index) column \(column): \(tiled[column]) for \(whole[column])")
      }
    }
    let apart = zip(pictures[0], pictures[1]).filter { abs(Int($0) - Int($1)) > 1 }.count
    #expect(apart <= (term == "wasserstein" ? pictures[0].count / 500 : 0), "\(apart) of \(pictures[0].count)")
  }

  @Test func `what cannot be tiled is refused before anything runs`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    for (setting, message) in [
      (["optimizer=lbfgs"], "param \"optimizer\" cannot be \"lbfgs\"; it is one of \"adam\", \"sgd\", \"normalised\""),
      (
        ["optimizer=adam", "style_term=patch"],
        "param \"style_term\" cannot be \"patch\"; it is one of \"gram\", \"wasserstein\", \"moments\""
      ),
      (["optimizer=adam", "masks=[\"m.png\"]"], "param \"region\" cannot be \"regions\"; it is one of \"whole\""),
    ] {
      let outcome = try program.run(["check", "style/transfer.json", "tile=64"] + setting)
      let text = outcome.errors + outcome.output
      #expect(outcome.status == 2 && text.contains(message), "\(text)")
    }
  }
}
