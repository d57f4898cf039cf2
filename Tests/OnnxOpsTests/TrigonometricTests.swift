import Testing

@Suite struct TrigonometricTests {
  @Test func agreesWithTheSuite() {
    ConformanceCases.replay(
      "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh")
  }
}
