import Testing

@Suite struct ActivationsTests {
  @Test func agreesWithTheSuite() {
    ConformanceCases.replay(
      "Sigmoid", "Softplus", "Softsign", "HardSwish", "Mish", "LeakyRelu", "Elu", "Celu", "Selu", "HardSigmoid",
      "ThresholdedRelu", "Swish", "Gelu")
  }
}
