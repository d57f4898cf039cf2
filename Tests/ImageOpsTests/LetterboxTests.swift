import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct LetterboxTests {
  let harness = OpHarness([])

  @Test(arguments: ["top_left", "centre"]) func theResizedPictureStandsInTheFill(_ place: String) throws {
    let x = pixels([30, 47, 3])
    let results = try imageResults(
      Letterbox.op, [x], ["width": 64, "height": 64, "place": .string(place), "fill": .array([1, 2, 3])])
    // 64 · 30 / 47 = 40.85
    let inside = try imageResult(
      ImageResize.op, [x], ["width": 64, "height": 40, "filter": "bilinear", "convention": "opencv"])
    let top = place == "centre" ? 12 : 0
    #expect(
      results[0] == moved(inside, 64, 64, fill: [1, 2, 3]) { (top..<top + 40).contains($0) ? ($0 - top, $1) : nil })
    let fit: [Float] = [1.3617021, 1.3333334, 0, Float(top)]
    #expect(results[1].elements(Float.self) == fit)
  }

  @Test func sizesFollowTheRounding() {
    func size(_ height: Int, _ width: Int, _ more: [String: Literal] = [:]) -> [Int] {
      let given = more.merging(["width": 640, "height": 640]) { $1 }
      let result = Letterbox.size(height, width, Letterbox.op.attributes(given).0)
      return [result.height, result.width]
    }
    #expect(size(480, 640) == [480, 640])
    #expect(size(1000, 333) == [640, 213])
    #expect(size(30, 47) == [408, 640])
    #expect(size(30, 47, ["rounding": "nearest"]) == [409, 640])
    #expect(size(30, 47, ["enlarge": false]) == [30, 47])
    #expect(size(1, 5000) == [1, 640])
  }

  @Test func types() throws {
    #expect(
      try harness.infer(Letterbox.op, ["image": "image<rgb8>[H,W]"], ["width": 640, "height": 480])
        == ["image<rgb8>[480,640]", "tensor<f32>[4]"])
  }
}
