import TestSupport
import Testing

@testable import Kernels

@Suite struct ConvolutionTests {
  static let cases: [NaiveConvolution] = {
    var random = TestRandom(seed: 9)
    var all: [NaiveConvolution] = []
    func add(_ change: (inout NaiveConvolution) -> Void) {
      var naive = NaiveConvolution()
      change(&naive)
      all.append(naive)
    }
    add { _ in }
    add { ($0.channels, $0.outputs, $0.height, $0.width, $0.kernel, $0.pads) = (3, 7, 9, 13, (3, 3), (1, 1, 1, 1)) }
    add { ($0.channels, $0.outputs, $0.height, $0.width) = (20, 140, 5, 5) }
    add { ($0.batch, $0.channels, $0.outputs, $0.height, $0.width, $0.kernel) = (2, 30, 6, 24, 23, (3, 3)) }
    // Random geometries with every option.
    while all.count < 60 {
      var naive = NaiveConvolution()
      naive.groups = [1, 1, 2, 3].randomElement(using: &random)!
      naive.batch = .random(in: 1...2, using: &random)
      naive.channels = naive.groups * .random(in: 1...3, using: &random)
      naive.outputs = naive.groups * .random(in: 1...3, using: &random)
      naive.height = .random(in: 1...9, using: &random)
      naive.width = .random(in: 1...20, using: &random)
      naive.kernel = (.random(in: 1...4, using: &random), .random(in: 1...5, using: &random))
      naive.stride = (.random(in: 1...3, using: &random), .random(in: 1...3, using: &random))
      naive.dilation = (.random(in: 1...2, using: &random), .random(in: 1...3, using: &random))
      naive.padMode = .random(in: 0...2, using: &random)
      func pad(_ size: Int) -> Int { .random(in: 0...(naive.padMode == 1 ? min(2, size - 1) : 2), using: &random) }
      naive.pads = (pad(naive.height), pad(naive.width), pad(naive.height), pad(naive.width))
      let fits =
        naive.height + naive.pads.0 + naive.pads.2 > naive.dilation.0 * (naive.kernel.0 - 1)
        && naive.width + naive.pads.1 + naive.pads.3 > naive.dilation.1 * (naive.kernel.1 - 1)
      if fits { all.append(naive) }
    }
    return all
  }()

  static func geometry(_ n: NaiveConvolution) -> Convolution {
    Convolution(
      batch: n.batch, channels: n.channels, input: Extent(n.height, n.width), outputs: n.outputs,
      kernel: Extent(n.kernel.0, n.kernel.1), stride: Extent(n.stride.0, n.stride.1),
      dilation: Extent(n.dilation.0, n.dilation.1), groups: n.groups,
      pads: Pads(top: n.pads.0, left: n.pads.1, bottom: n.pads.2, right: n.pads.3),
      padMode: PadMode(rawValue: Int32(n.padMode))!)
  }

  static func inputs(_ n: NaiveConvolution, seed: UInt64) -> (x: [Float], w: [Float], dy: [Float], bias: [Float]) {
    var random = TestRandom(seed: seed)
    return (
      random.floats(n.batch * n.channels * n.height * n.width),
      random.floats(n.outputs * n.channels / n.groups * n.kernel.0 * n.kernel.1),
      random.floats(n.batch * n.outputs * n.outputHeight * n.outputWidth), random.floats(n.outputs)
    )
  }

  @Test(arguments: InstructionSet.supported) func forwardAgreesWithTheNaiveLoop(set: InstructionSet) {
    for (index, naive) in Self.cases.enumerated() {
      let (x, w, _, bias) = Self.inputs(naive, seed: UInt64(index))
      let geometry = Self.geometry(naive)
      #expect(geometry.output == Extent(naive.outputHeight, naive.outputWidth))
      let area = naive.outputHeight * naive.outputWidth
      let sums = naive.forward(x, w).enumerated().map { $1 + Double(bias[$0 / area % naive.outputs]) }
      for relu in [false, true] {
        var y = [Float](repeating: .nan, count: sums.count)
        set.forced {
          GemmTests.withScratch(geometry.scratchBytes) { scratch in
            for chunk in 0..<geometry.forwardChunks {
              geometry.forward(chunk: chunk, x: x, weight: w, bias: bias, relu: relu, y: &y, scratch: scratch)
            }
          }
        }
        #expect(largestError(y, relu ? sums.map { max(0, $0) } : sums) < 5e-6, "\(naive)")
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func gradientsAgreeWithTheNaiveLoop(set: InstructionSet) {
    for (index, naive) in Self.cases.enumerated() {
      let (x, w, dy, _) = Self.inputs(naive, seed: UInt64(index))
      let geometry = Self.geometry(naive)
      var dx = [Float](repeating: .nan, count: x.count)
      var dw = [Float](repeating: .nan, count: w.count)
      var db = [Float](repeating: .nan, count: naive.outputs)
      set.forced {
        GemmTests.withScratch(geometry.scratchBytes) { scratch in
          for chunk in 0..<geometry.inputGradientChunks {
            geometry.inputGradient(chunk: chunk, dy: dy, weight: w, dx: &dx, scratch: scratch)
          }
          for chunk in 0..<geometry.weightGradientChunks {
            geometry.weightGradient(chunk: chunk, x: x, dy: dy, dw: &dw, scratch: scratch)
          }
        }
        geometry.biasGradient(outputs: 0..<naive.outputs, dy: dy, db: &db)
      }
      #expect(largestError(dx, naive.inputGradient(dy, w)) < 5e-6, "\(naive)")
      #expect(largestError(dw, naive.weightGradient(x, dy)) < 2e-5, "\(naive)")
      let area = naive.outputHeight * naive.outputWidth
      var sums = [Double](repeating: 0, count: naive.outputs)
      for (i, value) in dy.enumerated() { sums[i / area % naive.outputs] += Double(value) }
      #expect(largestError(db, sums) < 1e-6)
    }
  }

  @Test func oneImageGivesTheBitsItHasInABatch() {
    var naive = NaiveConvolution()
    (naive.batch, naive.channels, naive.outputs, naive.height, naive.width) = (3, 8, 70, 12, 31)
    (naive.kernel, naive.pads) = ((3, 3), (1, 1, 1, 1))
    let (x, w, _, _) = Self.inputs(naive, seed: 3)
    func run(_ naive: NaiveConvolution, _ x: [Float]) -> [Float] {
      let geometry = Self.geometry(naive)
      var y = [Float](repeating: .nan, count: naive.batch * naive.outputs * naive.height * naive.width)
      GemmTests.withScratch(geometry.scratchBytes) { scratch in
        for chunk in 0..<geometry.forwardChunks {
          geometry.forward(chunk: chunk, x: x, weight: w, y: &y, scratch: scratch)
        }
      }
      return y
    }
    let together = run(naive, x)
    naive.batch = 1
    let size = x.count / 3
    let alone = (0..<3).flatMap { run(naive, Array(x[$0 * size..<($0 + 1) * size])) }
    #expect(together == alone)
  }
}
