import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite struct UnaryTests {
  static let parameters: [Unary: (Float, Float)] = [
    .leakyReLU: (0.1, 0), .elu: (1.25, 0), .clip: (-0.75, 2.5), .hardSigmoid: (0.2, 0.5),
  ]

  static func reference(_ op: Unary, _ x: Double, _ a: Double, _ b: Double) -> Double {
    switch op {
    case .relu: max(0, x)
    case .leakyReLU: x < 0 ? a * x : x
    case .elu: x < 0 ? a * expm1(x) : x
    case .sigmoid: 1 / (1 + Foundation.exp(-x))
    case .tanh: Foundation.tanh(x)
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .sqrt: x.squareRoot()
    case .abs: Swift.abs(x)
    case .negate: -x
    case .square: x * x
    case .reciprocal: 1 / x
    case .clip: min(max(x, a), b)
    case .softplus: max(x, 0) + log1p(Foundation.exp(-Swift.abs(x)))
    case .sign: x > 0 ? 1 : (x < 0 ? -1 : 0)
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .erf: Foundation.erf(x)
    case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
    case .geluTanh: 0.5 * x * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .hardSigmoid: min(max(a * x + b, 0), 1)
    case .hardSwish: x * min(max(x / 6 + 0.5, 0), 1)
    case .silu: x / (1 + Foundation.exp(-x))
    }
  }

  /// Small (one subnormal, 1e-40) and large arguments of both signs, halves, and a dense sweep.
  static let arguments: [Float] = {
    var all: [Float] = [0.5, 1.5, 2.5, -0.5, -1.5, 8_388_607.5, 1e-30, -1e-30, Float(bitPattern: 71_362), 60, -60]
    for i in -4000...4000 { all.append(Float(i) * 0.00337 + 0.0001) }
    return all
  }()

  @Test(arguments: InstructionSet.supported) func valuesAreWithinAFewUlps(set: InstructionSet) {
    // Bounds in ulps; gelu and silu lose digits where the factor nearly cancels, so they are measured absolutely.
    let loose: Set<Unary> = [.gelu, .geluTanh, .hardSigmoid, .hardSwish]
    for op in Unary.allCases {
      let (a, b) = Self.parameters[op] ?? (0, 0)
      let x = op == .log || op == .sqrt ? Self.arguments.map(abs) : Self.arguments
      var y = [Float](repeating: .nan, count: x.count)
      set.forced { op.forward(count: x.count, x: x, y: &y, a: a, b: b) }
      let expected = x.map { Self.reference(op, Double($0), Double(a), Double(b)) }
      if loose.contains(op) {
        #expect(largestError(y, expected) < 4e-7, "\(op)")
      } else {
        #expect(largestUlps(y, expected) <= 3, "\(op)")
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func specialValuesComeThrough(set: InstructionSet) {
    func value(_ op: Unary, _ x: Float) -> Float {
      var y: Float = 0
      set.forced { op.forward(count: 1, x: [x], y: &y, a: -1, b: 1) }
      return y
    }
    #expect(value(.exp, .infinity) == .infinity && value(.exp, -.infinity) == 0 && value(.exp, 100) == .infinity)
    #expect(value(.exp, -100) > 0 && value(.exp, 88.7) < .infinity)
    #expect(value(.log, 0) == -.infinity && value(.log, -1).isNaN && value(.log, .infinity) == .infinity)
    #expect(value(.tanh, .infinity) == 1 && value(.tanh, -.infinity) == -1 && value(.tanh, -0.0).sign == .minus)
    #expect(value(.sigmoid, -.infinity) == 0 && value(.sigmoid, .infinity) == 1)
    #expect(value(.erf, .infinity) == 1 && value(.erf, -.infinity) == -1)
    #expect(value(.softplus, 1000) == 1000 && value(.softplus, -1000) == 0)
    for op in [Unary.relu, .exp, .log, .tanh, .sigmoid, .erf, .softplus, .clip, .floor, .round, .gelu, .silu, .abs] {
      #expect(value(op, .nan).isNaN, "\(op)")
    }
  }

  @Test(arguments: InstructionSet.supported) func gradientsAgreeWithDifferences(set: InstructionSet) {
    for op in Unary.allCases {
      let (a, b) = Self.parameters[op] ?? (0, 0)
      // Points away from every kink.
      var x = (0..<301).map { Float($0 - 150) * 0.0313 + 0.0107 }
      if op == .log || op == .sqrt || op == .reciprocal { x = x.map { abs($0) + 0.2 } }
      var random = TestRandom(seed: 2)
      let dy = random.floats(x.count)
      let f = { (v: Double) in Self.reference(op, v, Double(a), Double(b)) }
      var y = x.map { Float(f(Double($0))) }
      var dx = [Float](repeating: .nan, count: x.count)
      let expected = zip(x, dy).map { x, dy in Double(dy) * (f(Double(x) + 1e-6) - f(Double(x) - 1e-6)) / 2e-6 }
      var unread = [Float](repeating: .nan, count: x.count)
      switch op.gradientNeeds {
      case .input: swap(&y, &unread)
      case .output: swap(&x, &unread)
      case .neither: break
      }
      set.forced { op.gradient(count: dy.count, x: x, y: y, dy: dy, dx: &dx, a: a, b: b) }
      #expect(largestError(dx, expected) < 1e-5, "\(op)")
    }
  }

  @Test(arguments: InstructionSet.supported) func inPlaceGivesTheSameBits(set: InstructionSet) {
    let x = Self.arguments
    for op in Unary.allCases {
      let (a, b) = Self.parameters[op] ?? (0, 0)
      var (y, dx) = (x, x)
      var (inPlace, gradientInPlace) = (x, x)
      set.forced {
        op.forward(count: x.count, x: x, y: &y, a: a, b: b)
        op.gradient(count: x.count, x: x, y: x, dy: x, dx: &dx, a: a, b: b)
        inPlace.withUnsafeMutableBufferPointer {
          op.forward(count: x.count, x: $0.baseAddress!, y: $0.baseAddress!, a: a, b: b)
        }
        gradientInPlace.withUnsafeMutableBufferPointer {
          op.gradient(count: x.count, x: x, y: x, dy: $0.baseAddress!, dx: $0.baseAddress!, a: a, b: b)
        }
      }
      #expect(inPlace.map(\.bitPattern) == y.map(\.bitPattern), "\(op)")
      #expect(gradientInPlace.map(\.bitPattern) == dx.map(\.bitPattern), "\(op)")
    }
  }

  @Test func everyLengthGivesTheSameBits() {
    let x = Array(Self.arguments.prefix(67))
    for op in [Unary.exp, .tanh, .sigmoid, .log, .erf, .gelu] {
      var whole = [Float](repeating: 0, count: 67)
      op.forward(count: 67, x: x, y: &whole)
      for i in 0..<67 {
        var one: Float = 0
        op.forward(count: 1, x: [x[i]], y: &one)
        #expect(one.bitPattern == whole[i].bitPattern || one.isNaN && whole[i].isNaN, "\(op) \(x[i])")
      }
    }
  }
}
