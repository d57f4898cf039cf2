import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

/// A face as a value.
func face(_ box: [Double], score: Double = 0.9, points: [[Double]] = []) -> Value {
  .record(
    Record([
      ("box", .list(box.map { .number($0) })), ("score", .number(score)),
      ("points", .list(points.map { .list($0.map { .number($0) }) })),
    ]))
}

extension Value {
  /// The faces of a list.
  func faces() throws -> [Face] { try list!.map { try Face($0, "faces") } }
}

@Suite struct FaceTests {
  @Test func `a face keeps what else is known of it`() throws {
    guard case .record(var record) = face([1, 2, 3, 4], points: [[5, 6]]) else { return }
    record.fields.append(("name", .string("Ada")))
    let read = try Face(.record(record), "face")
    #expect(read.box == Box(x1: 1, y1: 2, x2: 3, y2: 4) && read.points == [Point(5, 6)] && !read.isWholePicture)
    #expect(
      JSONText.of(read.value) == #"{"box":[1.0,2.0,3.0,4.0],"score":0.9,"points":[[5.0,6.0]],"name":"Ada"}"#)
  }

  @Test func `points may be rows of a tensor`() throws {
    let points = Value.tensor(Tensor(shape: [2, 3], [Float(1), 2, 3, 4, 5, 6]))
    #expect(try points.points("points") == [Point(1, 2), Point(4, 5)])
  }

  @Test func `what is no face is refused`() {
    #expect(
      message { _ = try Face(.record(Record([("score", .int(1))])), "face") }
        == "port \"face\" needs a face, a record with \"box\" [x1, y1, x2, y2], but one arrived with score")
    #expect(message { _ = try Face(.int(1), "face") } == "port \"face\" needs a face, but an integer arrived")
    #expect(
      message { _ = try face([0, 0, 1, 1], points: [[1]]).faceValue() }
        == "port \"x\" needs a list of points [[x, y], …], but a list of 1 arrived")
  }
}

extension Value {
  fileprivate func faceValue() throws -> Face { try Face(self, "x") }
}
