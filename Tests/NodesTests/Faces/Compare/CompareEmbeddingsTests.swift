import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct CompareEmbeddingsTests {
  func compare(_ a: [Float], _ b: [Float], _ settings: [String: Literal] = [:]) throws -> [Value] {
    try run(
      CompareEmbeddings.op,
      ["a": .tensor(Tensor(shape: [1, a.count], a)), "b": .list(b.map { .number(Double($0)) })], settings)
  }

  @Test func `cosine, distance, verdict and the threshold's source`() throws {
    let results = try compare([3, 4], [4, 3])
    #expect(results.map { JSONText.of($0)! }[0] == "0.96")
    #expect(abs(results[1].scalar! - 0.04) < 1e-12)
    #expect(
      results[3].text == "same person: cosine 0.9600 (at least 0.4: InsightFace's own tool, same person)")
    let apart = try compare([1, 0], [1, 2], ["threshold": 0.5])
    #expect(apart[0].scalar == 0.4472 && apart[3].text == "different people: cosine 0.4472 (at least 0.5: as given)")
  }

  @Test func `metrics of unit vectors`() throws {
    #expect(abs(try compare([2, 0], [0, 5], ["preset": "happy_house"])[1].scalar! - 2.0.squareRoot()) < 1e-12)
    let squared = try compare([2, 0], [0, 5], ["metric": "squared", "threshold": 3])
    #expect(squared[1].scalar == 2)
    #expect(squared[3].text == "same person: cosine 0.0000, squared distance 2.0000 (at most 3: as given)")
  }

  @Test func `without a face nothing is said`() throws {
    let results = try run(CompareEmbeddings.op, ["a": .none, "b": .list([.number(1)])])
    #expect(results.map { JSONText.of($0)! } == ["null", "null", "false", "\"nothing to compare: a has no face\""])
  }

  @Test func `what cannot be compared`() {
    #expect(
      message { _ = try compare([1], [1, 2]) }
        == "embeddings of 1 and 2 numbers come from different encoders: they cannot be compared")
    #expect(message { _ = try compare([0, 0], [1, 2]) } == "an embedding of length 0 has no direction")
    #expect(
      message { _ = try infer(CompareEmbeddings.op, ["a": "any", "b": "any"], ["metric": "squared"]) }
        == "the preset \"insightface\" has no threshold for the metric \"squared\"; give one")
  }

  @Test func `presets have names of their own and a source`() {
    let names = ThresholdPreset.all.map(\.name)
    #expect(Set(names).count == names.count && ThresholdPreset.all.allSatisfy { !$0.source.isEmpty })
    #expect(ThresholdPreset.named("sface")?.value == 0.363 && ThresholdPreset.named("tutorial")?.value == 0.60)
  }

  @Test func `numbers with fixed digits`() {
    #expect(0.00004.fixed(4) == "0.0000" && (-1.23456).fixed(4) == "-1.2346" && (-0.00001).fixed(4) == "0.0000")
    #expect(12.0.fixed(0) == "12" && 0.5.fixed(2) == "0.50")
  }
}
