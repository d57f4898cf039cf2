import TestSupport
import Testing

@testable import Language

@Suite struct DimTests {
  static let h = Dim.symbol("H")
  static let w = Dim.symbol("W")

  @Test func equalPolynomialsAreEqualHoweverTheyAreWritten() {
    let (h, w) = (Self.h, Self.w)
    #expect((h + 1) * (w + 2) == w * h + 2 * h + w + 2)
    #expect((h + w) * (h - w) == h * h - w * w)
    #expect(h - h == 0 && 0 * h == 0 && (h * 0).value == 0)
    #expect((2 * h + 1) / 2 == h && (h / 2) / 2 == h / 4 && (h + 4) / 2 == h / 2 + 2)
    #expect((h + 3) / 2 == (h + 1) / 2 + 1)
    #expect((h / 2 + 1) / 2 == (h + 2) / 4 && h.dividedUp(by: 2).dividedUp(by: 2) == (h + 3) / 4)
    #expect(h.dividedUp(by: 1) == h && Dim(7).dividedUp(by: 2) == 4)
  }

  @Test func printsAsItIsWritten() {
    let (h, w) = (Self.h, Self.w)
    #expect("\(Dim(3)) \(h) \(h / 8) \(h + 1) \(2 * h - 1)" == "3 H H/8 H+1 2*H-1")
    #expect("\((h + 1) / 2) \(h * w) \(h - w) \(Dim(0)) \(Dim(0) - h)" == "(H+1)/2 H*W H-W 0 -H")
  }

  @Test func divisionRoundsDownBelowZeroToo() {
    #expect([-5, -4, -1, 0, 1, 5].map { (Dim($0) / 4).value } == [-2, -1, -1, 0, 0, 1])
  }

  @Test func comparisonKnowsWhatNoSizeCanMakeEqual() {
    let (h, w) = (Self.h, Self.w)
    #expect((h / 8).compare(h / 16) == .different)
    #expect(h.compare(h + 1) == .different && h.compare(2 * h) == .different && Dim(3).compare(4) == .different)
    #expect(h.compare(w) == .unknown && h.compare(7) == .unknown)
    #expect((h * w).compare(w * h) == .equal)
    #expect((2 * (h / 2)).compare(h) == .unknown, "equal for even H")
    #expect(((h + 1) / 2).compare(h / 2) == .unknown)
    #expect(Dim.unknown.compare(Dim.unknown + 1) == .different && Dim.unknown.compare(h) == .unknown)
  }

  @Test func substitutionReachesIntoQuotients() {
    let (h, w) = (Self.h, Self.w)
    #expect(((h + 1) / 2 * w).substituting(["H": 9, "W": 3]).value == 15)
    #expect((h / 2).substituting(["H": 2 * w]) == w)
    #expect((h + w).symbols == ["H", "W"] && (h / 2).symbols == ["H"])
    #expect(h.soleSymbol == "H" && (h + 1).soleSymbol == nil && (h / 2).soleSymbol == nil)
  }

  @Test func whatIsTooLargeBecomesUnknownAndDoesNotTrap() {
    let huge = Dim(.max)
    #expect(huge + 1 == .unknown && huge * 2 == .unknown && Dim(.min) - 1 == .unknown)
    #expect((huge * Self.h) + (huge * Self.h) == .unknown)
    #expect(Self.h / (1 << 40) / (1 << 40) == .unknown)
    var many = Dim(0)
    for index in 0..<400 { many = many + .symbol("s\(index)") }
    #expect(many.symbols.contains("?"))
  }

  /// Any expression means the same after it was put in order: checked by evaluating both ways at many sizes.
  @Test func arithmeticAgreesWithIntegers() {
    var random = TestRandom(seed: 5)
    for _ in 0..<2000 {
      let sizes = ["H": Int.random(in: 0...50, using: &random), "W": Int.random(in: 1...50, using: &random)]
      func expression(_ depth: Int) -> (Dim, Int) {
        if depth == 0 || Int.random(in: 0..<4, using: &random) == 0 {
          switch Int.random(in: 0..<3, using: &random) {
          case 0: return (Self.h, sizes["H"]!)
          case 1: return (Self.w, sizes["W"]!)
          default:
            let value = Int.random(in: -4...9, using: &random)
            return (Dim(value), value)
          }
        }
        let (a, x) = expression(depth - 1)
        if Int.random(in: 0..<3, using: &random) == 0 {
          let divisor = Int.random(in: 1...5, using: &random)
          return (a / divisor, Int((Double(x) / Double(divisor)).rounded(.down)))
        }
        let (b, y) = expression(depth - 1)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return (a + b, x + y)
        case 1: return (a - b, x - y)
        default: return (a * b, x * y)
        }
      }
      let (dim, value) = expression(3)
      let bound = dim.substituting(sizes.mapValues { Dim($0) })
      #expect(bound.value == value, "\(dim) at \(sizes)")
    }
  }
}
