import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct SelectionTests {
  let photo = Value.image(plain(.grey8, height: 100, width: 200, [0]))
  let faces = Value.list([
    face([0, 0, 50, 50], score: 0.9), face([90, 40, 110, 60], score: 0.5), face([96, 46, 106, 56], score: 0.3),
  ])

  func scores(_ settings: [String: Literal]) throws -> [Double] {
    try run(Selection.op, ["faces": faces, "image": photo], settings)[0].faces().map(\.score)
  }

  @Test func `all, the largest, or the one in the middle`() throws {
    #expect(try scores([:]) == [0.9, 0.5, 0.3])
    #expect(try scores(["face": "largest"]) == [0.9])
    // 0 - 25 against 2 - 15.
    #expect(try scores(["face": "center"]) == [0.5])
  }

  @Test func `without a face no_face decides`() throws {
    func none(_ rule: Literal) throws -> [Face] {
      try run(Selection.op, ["faces": .list([]), "image": photo], ["no_face": rule])[0].faces()
    }
    #expect(try none("skip").isEmpty)
    let whole = try none("whole")
    #expect(whole.count == 1 && whole[0].isWholePicture && whole[0].box == Box(x1: 0, y1: 0, x2: 200, y2: 100))
    #expect(
      message { _ = try none("error") }
        == "no face was found; a lower \"score\", other \"sizes\" or a wider \"pad\" may help, and no_face=whole takes "
        + "the whole picture instead")
  }
}
