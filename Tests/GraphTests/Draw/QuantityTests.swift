import Testing

@testable import Graph

@Suite struct QuantityTests {
  @Test(arguments: [
    (0, "0 ns"), (3.2e-9, "3.2 ns"), (4.56e-5, "45.6 µs"), (0.0123, "12.3 ms"), (1.5, "1.5 s"), (119, "119 s"),
    (150, "2 min 30 s"), (7300, "2 h 1 min"),
  ])
  func secondsHaveThreeDigitsAndAUnit(_ value: Double, _ text: String) { #expect(Quantity.seconds(value) == text) }

  @Test(arguments: [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (3_140_000, "3.14 MB"), (20_000_000_000, "20 GB")])
  func bytesToo(_ value: Int, _ text: String) { #expect(Quantity.bytes(value) == text) }
}
