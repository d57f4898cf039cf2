import Language
import Tensors
import Testing

@Suite struct TfIdfVectorizerTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("TfIdfVectorizer") }

  @Test func refusesStrings() throws {
    let settings: [String: Literal] = [
      "mode": .string("TF"), "min_gram_length": .int(1), "max_gram_length": .int(1), "max_skip_count": .int(0),
      "ngram_counts": .array([.int(0)]), "ngram_indexes": .array([.int(0)]), "pool_strings": .array([.string("a")]),
    ]
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("TfIdfVectorizer", [Tensor(shape: [1], [Int32(1)])], settings)
    }
    #expect(fault?.message == "TfIdfVectorizer of strings is not supported")
  }
}
