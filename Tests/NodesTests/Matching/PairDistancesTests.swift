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
