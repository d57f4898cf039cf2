import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DataCIFARTests {
  func write(_ scratch: Scratch, _ name: String, _ rows: [[UInt8]]) throws {
    try Data(rows.flatMap { $0 }).write(to: URL(fileURLWithPath: "\(scratch.path)/\(name)"))
  }

  func row(_ labels: [UInt8], _ value: UInt8) -> [UInt8] { labels + (0..<3072).map { UInt8($0 % 251) &+ value } }

  @Test func `rows of CIFAR-10 and CIFAR-100 are read`() throws {
    let ten = try Scratch()
    try write(ten, "data_batch_1.bin", [row([3], 1), row([9], 2)])
    try write(ten, "data_batch_2.bin", [row([0], 3)])
    try write(ten, "test_batch.bin", [row([5], 4)])
    try "airplane\nautomobile\n\n".write(toFile: ten.path + "/batches.meta.txt", atomically: true, encoding: .utf8)
    let train = try run(DataCIFAR.op, ["folder": .file(ten.path)], ["range": "0..255"])
    let (x, labels) = (try DataFolderTests.stream(train[0]), try DataFolderTests.stream(train[1]))
    #expect(try (0..<3).map { try labels.checked($0, seed: 0).elements(Float.self)[0] } == [3, 9, 0])
    #expect(try x.checked(2, seed: 0).elements(Float.self)[1024] == Float(1024 % 251 + 3))
    #expect(train[2].strings == ["airplane", "automobile"])
    let test = try run(DataCIFAR.op, ["folder": .file(ten.path)], ["split": "test"])
    #expect(try DataFolderTests.stream(test[0]).count == 1)

    let hundred = try Scratch()
    try write(hundred, "train.bin", [row([7, 77], 0)])
    for (kind, label) in [("coarse", 7), ("fine", 77)] as [(String, Float)] {
      let results = try run(DataCIFAR.op, ["folder": .file(hundred.path)], ["labels": .string(kind)])
      #expect(try DataFolderTests.stream(results[1]).checked(0, seed: 0).elements(Float.self) == [label])
    }
  }

  @Test func `pickles and broken files are refused`() throws {
    let scratch = try Scratch()
    try write(scratch, "data_batch_1", [[1, 2]])
    #expect(
      message { _ = try run(DataCIFAR.op, ["folder": .file(scratch.path)]) }
        == "\(scratch.path): this is the Python version, a pickle; Tools/cifar-to-binary converts it")
    try write(scratch, "data_batch_1.bin", [[1, 2]])
    #expect(
      message { _ = try run(DataCIFAR.op, ["folder": .file(scratch.path)]) }
        == "\(scratch.path)/data_batch_1.bin: 2 bytes are no whole number of rows of 3073")
  }
}
