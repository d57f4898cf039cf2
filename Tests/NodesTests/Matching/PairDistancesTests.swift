import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct PairDistancesTests {
  @Test func pairsAreSplitByLabel() throws {
    let result = try run(
      PairDistances.op,
      [
        "embeddings": .tensor(Tensor(shape: [3, 2], [2, 0, 0, 3, 5, 0] as [Float])),
        "labels": .list([.string("a"), .string("b"), .string("a")]),
      ])
    #expect(result[0].tensor?.elements(Float.self) == [0])
    #expect(result[1].tensor?.elements(Float.self).map { ($0 * 1000).rounded() } == [1414, 1414])
    #expect(
      message {
        _ = try run(
          PairDistances.op,
          ["embeddings": .tensor(Tensor(shape: [1, 2], [1, 0] as [Float])), "labels": .list([])])
      } == "0 labels for 1 embeddings")
  }

  @Test func photosWithoutAFaceAreLeftOutAndCounted() throws {
    func photo(_ faces: [[Float]]) -> Value {
      .list(faces.map { .record(Record([("embedding", .tensor(Tensor(shape: [2], $0)))])) })
    }
    let photos: Value = .list([photo([[1, 0]]), photo([]), photo([[2, 0]]), photo([[0, 1]])])
    let result = try run(
      PairDistances.op,
      ["embeddings": photos, "labels": .list(["a", "a", "a", "b"].map { .string($0) })])
    #expect(result[0].tensor?.elements(Float.self) == [0])
    #expect(result[1].tensor?.count == 2 && result[2].scalar == 1)
    let listed = try run(
      ListedDistances.op,
      [
        "a": photos, "b": .list([photo([[1, 0]]), photo([[1, 0]]), photo([]), photo([[0, 1]])]),
        "same": .list(Array(repeating: .bool(true), count: 4)),
      ])
    #expect(listed[0].tensor?.elements(Float.self) == [0, 0] && listed[2].scalar == 2)
    #expect(
      message {
        _ = try run(
          PairDistances.op, ["embeddings": .list([photo([[1, 0], [0, 1]])]), "labels": .list([.string("a")])])
      } == "photo 0 of embeddings shows 2 faces; choose one (face=largest)")
    #expect(
      message {
        let (a, b) = (Tensor(shape: [1, 2], [1, 0] as [Float]), Tensor(shape: [1, 3], [1, 0, 0] as [Float]))
        _ = try run(ListedDistances.op, ["a": .tensor(a), "b": .tensor(b), "same": .list([.bool(true)])])
      } == "embeddings of 2 and of 3 numbers come from different encoders")
  }

  @Test func listedPairsAreTakenAsTheyStand() throws {
    func rows(_ numbers: [Float]) -> Value { .list(numbers.map { .tensor(Tensor(shape: [2], [1, $0])) }) }
    let result = try run(
      ListedDistances.op,
      ["a": rows([0, 0]), "b": rows([0, 1]), "same": .list([.bool(true), .bool(false)])])
    #expect(result[0].tensor?.elements(Float.self) == [0])
    #expect(result[1].tensor?.count == 1)
    #expect(
      message { _ = try run(ListedDistances.op, ["a": rows([0]), "b": rows([]), "same": .list([])]) }
        == "1 and 0 embeddings and 0 verdicts do not make pairs")
  }
}
