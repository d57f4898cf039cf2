import Testing

@Suite struct BitsTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot") }
}
