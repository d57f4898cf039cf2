import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedConvolutionTests {
  static let cases: [NaiveConvolution] = {
    var all: [NaiveConvolution] = []
    func add(
      _ channels: Int, _ outputs: Int, _ height: Int, _ width: Int, kernel: Int = 3, stride: Int = 1, dilation: Int = 1,
      pad: Int = 1, mode: Int = 0, batch: Int = 1, groups: Int = 1
    ) {
      var naive = NaiveConvolution()
      (naive.batch, naive.channels, naive.outputs, naive.height, naive.width) = (
        batch, channels, outputs, height, width
      )
      (naive.kernel, naive.stride, naive.dilation) = ((kernel, kernel), (stride, stride), (dilation, dilation))
      (naive.pads, naive.padMode, naive.groups) = ((pad, pad, pad, pad), mode, groups)
      all.append(naive)
    }
    add(20, 40, 13, 17)
    add(16, 80, 26, 33, batch: 2)
    add(33, 16, 9, 12, mode: 1)
    add(17, 5, 11, 10, pad: 0, mode: 2)
    add(6, 33, 50, 41, mode: 1, batch: 2)
    add(3, 64, 20, 31)
    add(1, 24, 20, 31, kernel: 7, stride: 2, pad: 3, mode: 1, batch: 2)
    add(40, 72, 7, 7, kernel: 1, pad: 0, batch: 2)
    add(64, 150, 15, 15, kernel: 1, stride: 2, pad: 0)
    add(33, 5, 14, 30, kernel: 5, stride: 2, pad: 2, mode: 2)
    add(17, 32, 19, 23, stride: 3, dilation: 2, pad: 2)
    add(24, 24, 12, 27, groups: 24)
    add(20, 20, 23, 9, kernel: 5, stride: 2, pad: 2, mode: 1, batch: 2, groups: 20)
    add(40, 40, 13, 6, stride: 2, batch: 2, groups: 40)
    add(21, 21, 6, 1, groups: 21)
    add(16, 16, 1, 2, batch: 2, groups: 16)
    add(18, 18, 8, 31, pad: 0, groups: 18)
    add(18, 18, 7, 12, stride: 2, pad: 0, groups: 18)
    add(17, 17, 9, 10, pad: 3, groups: 17)
    add(17, 17, 9, 10, stride: 2, pad: 2, mode: 1, groups: 17)
    add(300, 300, 7, 7, groups: 300)
    add(16, 16, 2, 2)
    add(64, 70, 30, 41)
    add(70, 64, 33, 38, mode: 1, batch: 2)
    add(65, 64, 32, 36, pad: 0, mode: 2)
    add(32, 3, 12, 31, kernel: 9, pad: 4)
    add(33, 2, 9, 14, mode: 1, batch: 2)
    add(20, 4, 17, 30, kernel: 5, stride: 2, pad: 2, mode: 2)
    add(16, 1, 11, 20, dilation: 2, pad: 2)
    add(33, 70, 2, 2, batch: 29)
    add(20, 40, 3, 3, stride: 2, batch: 3)
    add(24, 16, 5, 5, kernel: 5, pad: 0)
    return all
  }()

  /// From [N, C, area] to blocks, one element at a time.
  static func blocks(_ x: [Float], _ batch: Int, _ channels: Int) -> [Float] {
    let area = x.count / (batch * channels)
    var result = [Float](repeating: 0, count: batch * Blocked.blocks(channels) * 16 * area)
    for (index, value) in x.enumerated() {
      let (image, channel, place) = (index / area / channels, index / area % channels, index % area)
      result[((image * Blocked.blocks(channels) + channel / 16) * area + place) * 16 + channel % 16] = value
    }
    return result
  }

  /// And back; the filling must be zero.
  static func rows(_ y: [Float], _ batch: Int, _ channels: Int) -> [Float] {
    let blocks = Blocked.blocks(channels)
    let area = y.count / (batch * blocks * 16)
    var result = [Float](repeating: 0, count: batch * channels * area)
    var filling = 0
    for (index, value) in y.enumerated() {
      let (block, place) = (index / 16 / area, index / 16 % area)
      let (image, channel) = (block / blocks, block % blocks * 16 + index % 16)
      if channel < channels {
        result[(image * channels + channel) * area + place] = value
      } else if value != 0 {
        filling += 1
      }
    }
    #expect(filling == 0, "elements of the filling are not zero")
    return result
  }

  static func packed(_ plan: BlockedConvolution, _ weight: [Float]) -> [Float] {
    var packed = [Float](repeating: .nan, count: plan.weights.byteCount / 4)
    for chunk in 0..<plan.weights.chunks { plan.weights.pack(chunk: chunk, weight: weight, packed: &packed) }
    return packed
  }

  static func run(_ plan: BlockedConvolution, _ x: [Float], _ weight: [Float], _ epilogue: Epilogue) -> [Float] {
    let c = plan.convolution
    let y = blockedRun(
      plan, x, weight, epilogue, count: Blocked.count([c.batch, c.outputs, c.output.height, c.output.width]))
    return rows(y, c.batch, c.outputs)
  }

  /// The result as it lies in memory.
  static func blockedRun(
    _ plan: BlockedConvolution, _ x: [Float], _ weight: [Float], _ epilogue: Epilogue, count: Int
  ) -> [Float] {
    let c = plan.convolution
    let source = plan.algorithm == .planar ? x : blocks(x, c.batch, c.channels)
    let packed = packed(plan, weight)
    var y = [Float](repeating: .nan, count: count)
    GemmTests.withScratch(plan.scratchBytes) { scratch in
      for chunk in (0..<plan.chunks).reversed() {
        plan.run(chunk: chunk, x: source, packed: packed, epilogue: epilogue, y: &y, scratch: scratch)
      }
    }
    return y
  }

  /// Rounding grows with the size of a sum, which is about a third of the root of its terms; Winograd's is five times
  /// that of summing directly (its largest among thousands of elements stays below 1e-5 of the sum's size), that of wide
  /// tiles thirty times.
  static func limit(_ plan: BlockedConvolution) -> Double {
    let terms = Double(plan.convolution.taps)
    let each = plan.algorithm == .winograd ? 1e-5 : plan.algorithm == .wideWinograd ? 6e-5 : 2e-6
    return 2e-6 + each * terms.squareRoot() / 3
  }

  @Test(arguments: InstructionSet.supported) func forwardAgreesWithTheNaiveLoop(set: InstructionSet) throws {
    var algorithms = Set<BlockedConvolution.Algorithm>()
    for (index, naive) in Self.cases.enumerated() {
      let (x, w, _, _) = ConvolutionTests.inputs(naive, seed: UInt64(index))
      let plan = try #require(BlockedConvolution(ConvolutionTests.geometry(naive)))
      algorithms.insert(plan.algorithm)
      let y = set.forced { Self.run(plan, x, w, Epilogue()) }
      #expect(largestError(y, naive.forward(x, w)) < Self.limit(plan), "\(plan.algorithm) \(naive)")
    }
    #expect(algorithms == [.winograd, .wideWinograd, .direct, .byImage, .planar, .depthwise, .narrow])
  }

  @Test(arguments: InstructionSet.supported) func inputGradientsAgreeWithTheNaiveLoop(set: InstructionSet) {
    var count = 0
    for (index, naive) in Self.cases.enumerated() {
      let (_, w, dy, _) = ConvolutionTests.inputs(naive, seed: UInt64(index))
      guard let plan = BlockedConvolution(inputGradientOf: ConvolutionTests.geometry(naive)) else { continue }
      let dx = set.forced { Self.run(plan, dy, w, Epilogue()) }
      #expect(largestError(dx, naive.inputGradient(dy, w)) < Self.limit(plan), "\(plan.algorithm) \(naive)")
      count += 1
    }
    #expect(count >= 5)
  }

  /// From 512 channels on both ways read one set of transformed weights.
  @Test(arguments: InstructionSet.supported) func anInputGradientTurnsTheWeightsOfTheConvolution(set: InstructionSet)
    throws
  {
    var turned = Set<BlockedConvolution.Algorithm>()
    for (channels, outputs, height, width) in [(32, 512, 5, 6), (288, 64, 42, 42), (512, 33, 5, 6)] {
      var naive = NaiveConvolution()
      (naive.channels, naive.outputs, naive.height, naive.width) = (channels, outputs, height, width)
      (naive.kernel, naive.pads) = ((3, 3), (1, 1, 1, 1))
      let geometry = ConvolutionTests.geometry(naive)
      let (_, w, dy, _) = ConvolutionTests.inputs(naive, seed: 5)
      let plan = try #require(BlockedConvolution(inputGradientOf: geometry))
      let forward = try #require(BlockedConvolution(geometry))
      #expect(plan.isTurned == (outputs % 32 == 0) && (plan.weights.name == forward.weights.name) == plan.isTurned)
      if plan.isTurned { turned.insert(plan.algorithm) }
      let dx = set.forced { Self.run(plan, dy, w, Epilogue()) }
      #expect(largestError(dx, naive.inputGradient(dy, w)) < Self.limit(plan), "\(plan.algorithm) \(naive)")
    }
    #expect(turned == [.winograd, .wideWinograd])
  }

  @Test(arguments: InstructionSet.supported) func theWorkAfterwardsIsDoneInOrder(set: InstructionSet) throws {
    for (index, naive) in Self.cases.enumerated() where naive.batch == 1 {
      let (x, w, other, bias) = ConvolutionTests.inputs(naive, seed: UInt64(index))
      let plan = try #require(BlockedConvolution(ConvolutionTests.geometry(naive)))
      let area = naive.outputHeight * naive.outputWidth
      let mask = other.reversed().map { $0 - 0.1 }
      let filled = bias + [Float](repeating: 0, count: 16)
      let residual = Self.blocks(other, 1, naive.outputs)
      let gate = BlockedSignsTests.bits(Self.blocks(mask, 1, naive.outputs))
      for activation in [Epilogue.Activation.none, .rectify, .lean, .bound] {
        let y = set.forced {
          filled.withUnsafeBufferPointer { filled in
            residual.withUnsafeBufferPointer { residual in
              gate.withUnsafeBufferPointer { gate in
                var epilogue = Epilogue()
                (epilogue.bias, epilogue.residual) = (filled.baseAddress, residual.baseAddress)
                (epilogue.slope, epilogue.mask, epilogue.activation) = (
                  filled.baseAddress, gate.baseAddress, activation
                )
                (epilogue.low, epilogue.high) = (-0.25, 0.5)
                return Self.run(plan, x, w, epilogue)
              }
            }
          }
        }
        let expected = naive.forward(x, w).enumerated().map { place, sum -> Double in
          let slope = Double(bias[place / area])
          let value = sum + slope + Double(other[place])
          let active =
            switch activation {
            case .none: value
            case .rectify: max(0, value)
            case .lean: value > 0 ? value : slope * value
            case .bound: min(max(value, -0.25), 0.5)
            }
          return mask[place] > 0 ? active : 0
        }
        #expect(largestError(y, expected) < Self.limit(plan), "\(plan.algorithm) \(activation) \(naive)")
      }
    }
  }

  /// The kernels that read a result for its signs or its maxima are the reference: the bits are the same.
  @Test(arguments: InstructionSet.supported) func signsAndPoolsOnTheWayEqualThoseOfTheResult(set: InstructionSet) throws
  {
    var (signed, halved) = (Set<BlockedConvolution.Algorithm>(), Set<BlockedConvolution.Algorithm>())
    for (index, naive) in Self.cases.enumerated() {
      let (x, w, _, bias) = ConvolutionTests.inputs(naive, seed: UInt64(index))
      let plan = try #require(BlockedConvolution(ConvolutionTests.geometry(naive)))
      let c = plan.convolution
      let shape = [c.batch, c.outputs, c.output.height, c.output.width]
      let filled = bias + [Float](repeating: 0, count: 16)
      func run(_ count: Int, _ change: (inout Epilogue) -> Void) -> [Float] {
        filled.withUnsafeBufferPointer { filled in
          var epilogue = Epilogue()
          (epilogue.bias, epilogue.activation) = (filled.baseAddress, .rectify)
          change(&epilogue)
          return set.forced { Self.blockedRun(plan, x, w, epilogue, count: count) }
        }
      }
      let y = run(Blocked.count(shape)) { _ in }
      if plan.givesSigns {
        signed.insert(plan.algorithm)
        var bits = [UInt16](repeating: 0xAAAA, count: y.count / 16)
        bits.withUnsafeMutableBufferPointer { bits in
          #expect(run(y.count) { $0.signs = bits.baseAddress } == y, "\(plan.algorithm) \(naive)")
        }
        #expect(bits == BlockedSignsTests.bits(y), "\(plan.algorithm) \(naive)")
      }
      guard plan.canHalve else { continue }
      halved.insert(plan.algorithm)
      let window = PoolWindow(
        input: c.output, kernel: Extent(2, 2), stride: Extent(2, 2),
        output: Extent(c.output.height / 2, c.output.width / 2))
      let pool = BlockedPool(shape: shape, window)
      #expect(pool.halves)
      for positive in [nil, false, true] as [Bool?] {
        var expected = [Float](repeating: .nan, count: pool.placesByteCount)
        var (places, found) = (
          [UInt8](repeating: 254, count: expected.count), [UInt8](repeating: 254, count: expected.count)
        )
        for chunk in 0..<pool.chunks {
          pool.forward(chunk: chunk, x: y, y: &expected)
          if let positive { pool.places(chunk: chunk, positive: positive, x: y, places: &places) }
        }
        found.withUnsafeMutableBufferPointer { found in
          let told = positive == nil ? nil : found.baseAddress
          #expect(
            run(expected.count) { $0.halves = Epilogue.Halves(places: told, positive: positive == true) } == expected,
            "\(plan.algorithm) \(naive)")
        }
        #expect(found == places, "\(plan.algorithm) \(naive)")
      }
    }
    #expect(signed == [.winograd, .wideWinograd, .direct, .planar] && halved == [.winograd, .wideWinograd])
  }

  /// Long rows of positions are cut into stretches, and what is added and stored passes the caches.
  @Test func largeConvolutionsOfOneTapAgreeWithTheNaiveLoop() throws {
    var naive = NaiveConvolution()
    (naive.channels, naive.outputs, naive.height, naive.width) = (16, 80, 301, 307)
    (naive.kernel, naive.pads) = ((1, 1), (0, 0, 0, 0))
    let (x, w, other, _) = ConvolutionTests.inputs(naive, seed: 4)
    let plan = try #require(BlockedConvolution(ConvolutionTests.geometry(naive)))
    let residual = Self.blocks(other, 1, naive.outputs)
    let y = residual.withUnsafeBufferPointer { residual in
      var epilogue = Epilogue()
      epilogue.residual = residual.baseAddress
      return Self.run(plan, x, w, epilogue)
    }
    // A sample: the whole would take the naive loop half a minute.
    let area = naive.height * naive.width
    for place in stride(from: 0, to: y.count, by: 997) {
      let (output, position) = (place / area, place % area)
      let sum = (0..<16).reduce(Double(other[place])) {
        $0 + Double(w[output * 16 + $1]) * Double(x[$1 * area + position])
      }
      #expect(abs(Double(y[place]) - sum) < Self.limit(plan), "\(place)")
    }
  }

  @Test func oneImageGivesTheBitsItHasInABatch() throws {
    for (channels, outputs, height, width) in [(8, 70, 12, 31), (40, 24, 31, 45), (40, 24, 2, 2), (64, 70, 31, 45)] {
      var naive = NaiveConvolution()
      (naive.batch, naive.channels, naive.outputs, naive.height, naive.width) = (3, channels, outputs, height, width)
      (naive.kernel, naive.pads) = ((3, 3), (1, 1, 1, 1))
      let (x, w, _, _) = ConvolutionTests.inputs(naive, seed: 3)
      let together = Self.run(try #require(BlockedConvolution(ConvolutionTests.geometry(naive))), x, w, Epilogue())
      naive.batch = 1
      let alone = try #require(BlockedConvolution(ConvolutionTests.geometry(naive)))
      let size = x.count / 3
      var each: [Float] = []
      for image in 0..<3 { each += Self.run(alone, Array(x[image * size..<(image + 1) * size]), w, Epilogue()) }
      #expect(together == each)
    }
  }

  @Test func groupsOfSeveralChannelsStridesAndFoldedBordersAreLeftToOthers() {
    let extent = Extent(8, 8)
    #expect(
      BlockedConvolution(
        Convolution(batch: 1, channels: 8, input: extent, outputs: 8, kernel: Extent(3, 3), groups: 2)) == nil)
    let strided = Convolution(
      batch: 1, channels: 8, input: extent, outputs: 8, kernel: Extent(3, 3), stride: Extent(2, 2))
    #expect(BlockedConvolution(strided) != nil && BlockedConvolution(inputGradientOf: strided) == nil)
    let mirrored = Convolution(
      batch: 1, channels: 8, input: extent, outputs: 8, kernel: Extent(3, 3), pads: Pads(all: 1), padMode: .reflect)
    #expect(BlockedConvolution(mirrored) != nil && BlockedConvolution(inputGradientOf: mirrored) == nil)
  }
}
