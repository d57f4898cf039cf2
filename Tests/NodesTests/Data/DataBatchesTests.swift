import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DataBatchesTests {
  /// Examples whose only element is their number; labels are number / 3.
  func examples(_ count: Int) -> (x: Value, y: Value) {
    func stream(_ divisor: Int, _ shape: [Int]) -> Value {
      .stream(
        DataStream(
          type: TensorType(dtype: .f32, shape: shape.map { Dim($0) }), count: count, digest: Digest(of: "\(divisor)"),
          source: "the test"
        ) { position, _ throws(Fault) in Tensor(shape: shape, [Float(position / divisor)]) })
    }
    return (stream(1, [1]), stream(3, []))
  }

  func batches(
    _ count: Int, _ attributes: [String: Literal], labels: Bool = true
  ) throws -> (x: DataStream, y: DataStream?) {
    let (x, y) = examples(count)
    let results =
      labels
      ? try run(DataBatches.op, ["x": x, "y": y], attributes) : try run(DataBatches.op, ["x": x], attributes)
    return (try DataFolderTests.stream(results[0]), labels ? try DataFolderTests.stream(results[1]) : nil)
  }

  func numbers(_ stream: DataStream, _ position: Int, seed: UInt64 = 7) throws -> [Int] {
    try stream.checked(position, seed: seed).elements(Float.self).map { Int($0) }
  }

  @Test func `every pass holds every example once, in an order of its own`() throws {
    let (x, y) = try batches(12, ["size": 4])
    #expect(x.count == 3)
    var passes: [[Int]] = []
    for pass in 0..<3 {
      let order = try (0..<3).flatMap { try numbers(x, pass * 3 + $0) }
      #expect(order.sorted() == Array(0..<12))
      passes.append(order)
    }
    #expect(Set(passes).count == 3)
    #expect(try numbers(y!, 5) == numbers(x, 5).map { $0 / 3 })
  }

  @Test func `a batch depends on seed and position alone`() throws {
    let (x, _) = try batches(50, ["size": 8])
    let (other, _) = try batches(50, ["size": 8])
    let late = try numbers(other, 40)
    for position in 0..<41 { _ = try numbers(x, position) }
    #expect(try numbers(x, 40) == late)
    #expect(try numbers(x, 40, seed: 8) != late)
  }

  @Test func `the last batch is filled from the start or dropped; a range may be used`() throws {
    let (filled, _) = try batches(10, ["size": 4, "shuffle": false], labels: false)
    #expect(filled.count == 3)
    #expect(try numbers(filled, 2) == [8, 9, 0, 1])
    let (dropped, _) = try batches(10, ["size": 4, "shuffle": false, "last": "drop"], labels: false)
    #expect(dropped.count == 2)
    #expect(try numbers(dropped, 2) == [0, 1, 2, 3])
    let (some, _) = try batches(10, ["size": 2, "shuffle": false, "start": 3, "count": 4], labels: false)
    #expect(some.count == 2)
    #expect(try numbers(some, 1) == [5, 6])
  }

  @Test func `a batch of identities holds as many of each`() throws {
    let (x, y) = try batches(31, ["identities": 4, "per_identity": 3])
    // Label 10 has one example only and is left out.
    for position in 0..<20 {
      let labels = try numbers(y!, position)
      #expect(Set(labels).count == 4 && !labels.contains(10))
      #expect(Set(labels).allSatisfy { label in labels.count { $0 == label } == 3 })
      #expect(Set(try numbers(x, position)).count == 12)
    }
  }

  @Test func `mistakes are told`() throws {
    let (x, _) = examples(3)
    let (_, y) = examples(4)
    #expect(
      message { _ = try run(DataBatches.op, ["x": x, "y": y], ["size": 2]) } == "x has 3 examples, but y has 4")
    #expect(message { _ = try batches(3, [:]) } == "data.batches needs the param \"size\"")
    #expect(
      message { _ = try batches(3, ["size": 4, "last": "drop"]) }
        == "the test gives 3 examples, fewer than a batch of 4")
    #expect(
      message { _ = try batches(6, ["identities": 2]) }
        == "the params \"identities\" and \"per_identity\" go together and need labels on the port \"y\"")
    let (few, _) = try batches(6, ["identities": 3, "per_identity": 2])
    #expect(
      message { _ = try few.checked(0, seed: 0) }
        == "the test has 2 identities with two pictures or more, fewer than the 3 of a batch")
    #expect(
      try infer(
        DataBatches.op, ["x": "stream<tensor<f32>[3,32,32] rgb CHW 0..1>", "y": "stream<tensor<f32>[]>"], ["size": 8])
        == ["stream<tensor<f32>[8,3,32,32] rgb NCHW 0..1>", "stream<tensor<f32>[8]>"])
  }
}
