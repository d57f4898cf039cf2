import Foundation
import Images
import Language
import Models
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct SaverTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  func text(_ value: Value, _ name: String, column: String = "value") throws -> String {
    let path = try scratch.file(name)
    try Saver().write(value, to: path, column: column)
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func `each kind of value has its formats`() throws {
    let image = plain(.rgb8, height: 2, width: 3, [10, 20, 30])
    let png = try scratch.file("new/folder/a.PNG")
    try Saver().write(.image(image), to: png)
    #expect(try ImageFile.read(png) == image)
    let small = try scratch.file("a.jpg")
    try Saver(["quality": 50]).write(.image(image), to: small)
    #expect(try ImageFile.read(small).width == 3)
    let tensor = Tensor(shape: [2, 2], [Float(1), 2, 3, 4])
    try Saver().write(.tensor(tensor), to: scratch.file("a.npy"))
    #expect(try NPY.read(scratch.file("a.npy")) == tensor)
    #expect(try text(.tensor(tensor), "a.csv") == "0,1\n1,2\n3,4\n")
    #expect(try text(.tensor(tensor), "a.json") == "[[1.0,2.0],[3.0,4.0]]\n")
    #expect(try text(.list([.number(1.5), .tensor(.scalar(2))]), "l.csv", column: "loss") == "loss\n1.5\n2\n")
    let records = [1, 2].map { Value.record(Record([("x", .int($0)), ("y", .number(0.5))])) }
    #expect(try text(.list(records), "r.csv") == "x,y\n1,0.5\n2,0.5\n")
    #expect(try text(.list(records), "r.json") == #"[{"x":1,"y":0.5},{"x":2,"y":0.5}]"# + "\n")
    #expect(try text(.string("hello"), "s.txt") == "hello\n")
    let weights = WeightSet(
      types: ["w": TensorType(dtype: .f32, shape: [2, 2])], digest: Digest(of: "w"), source: "test"
    ) { _ throws(Fault) in tensor }
    try Saver().write(.weights(weights), to: scratch.file("w.safetensors"))
    #expect(try WeightFile(scratch.file("w.safetensors")).load("w") == tensor)
  }

  @Test func `what does not fit is refused before and while writing`() throws {
    let saver = try Saver()
    #expect(
      message { try saver.write(.image(plain(.grey8, height: 1, width: 1, [0])), to: "x.csv") }
        == "cannot write an image 1×1 as csv (x.csv)")
    #expect(
      message { try saver.check(.image(ImageType(format: nil, height: 1, width: 1)), path: "x.npy") }
        == "cannot write image[1,1] as npy (x.npy)")
    #expect(message { try saver.check(.table, path: "x.csv") } == "no fault")
    #expect(message { try saver.check(.optional(.table), path: "x.npy") } == "cannot write table as npy (x.npy)")
    #expect(
      message { try saver.check(.any, path: "x.doc") }
        == "cannot tell a format from the name x.doc: it must end in .png, .apng, .jpg, .npy, .csv, "
        + ".json, .jsonl, .txt, .html, .safetensors, .tfevents")
    #expect(
      message { _ = try Saver(["qualty": 3]) }
        == "\"save\" has no setting \"qualty\" (did you mean \"quality\"?); it has path, format, quality, sampling, "
        + "background, level, dtype, delay")
    #expect(message { _ = try Saver(["quality": 0]) } == "param \"quality\" must be from 1 to 100, but is 0")
  }

  @Test func `a failure names the path and leaves the old file`() throws {
    let folder = try scratch.file("taken.json")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(message { try Saver().write(.int(1), to: folder) } == "cannot write \(folder): Is a directory")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["taken.json"])
  }

  @Test func `the ending follows from the value or its type`() {
    #expect(Saver.ending(for: .tensor(.scalar(1))) == "npy" && Saver.ending(for: ValueType.f32([])) == "npy")
    #expect(Saver.ending(for: .table(Table(columns: []))) == "csv" && Saver.ending(for: .optional(.table)) == "csv")
    #expect(Saver.ending(for: .list([])) == "json" && Saver.ending(for: ValueType.named("record")) == "json")
  }
}
