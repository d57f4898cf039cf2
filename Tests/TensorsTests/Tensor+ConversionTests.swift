import Tensors
import Testing

@Suite struct TensorConversionTests {
  @Test func everyHalfWidensExactlyAndComesBack() {
    let all = Tensor(shape: [65536], (0...UInt16.max).map { Float16(bitPattern: $0) })
    let wide = all.converted(to: .f32)
    for (half, float) in zip(all.elements(Float16.self), wide.elements(Float.self)) {
      #expect(Float(half) == float || half.isNaN && float.isNaN)
    }
    let back = wide.converted(to: .f16).elements(Float16.self)
    #expect(zip(all.elements(Float16.self), back).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
  }

  @Test func everyBrainFloatWidensExactlyAndComesBack() {
    let bits = Tensor(shape: [65536], Array(0...UInt16.max))
    let all = Tensor(dtype: .bf16, shape: [65536], buffer: bits.buffer)
    defer { withExtendedLifetime(all) {} }
    let wide = all.converted(to: .f32)
    for (bits, float) in zip(bits.elements(UInt16.self), wide.elements(Float.self)) {
      #expect(float.bitPattern == UInt32(bits) << 16)
    }
    #expect(wide.converted(to: .f64).elements(Double.self)[0x3F80] == 1)
    let back = wide.converted(to: .bf16)
    defer { withExtendedLifetime(back) {} }
    let kept = zip(all.bytes.bindMemory(to: UInt16.self), back.bytes.bindMemory(to: UInt16.self))
    #expect(kept.allSatisfy { $0 == $1 || Float(bitPattern: UInt32($0) << 16).isNaN && $1 & 0x7F != 0 })
  }

  /// 1 + 2⁻⁸ lies halfway between two brain floats; anything above must round up, also from Double in one rounding.
  @Test(arguments: [
    (0x1.01p0, 0x3F80), (0x1.0100000001p0, 0x3F81), (0x1.00ffffffffp0, 0x3F80), (0x1.03p0, 0x3F82),
    (-0x1.0100000001p0, 0xBF81), (3.4e38, 0x7F80), (1e300, 0x7F80),
  ])
  func doublesRoundOnceToBrainFloats(value: Double, bits: Int) {
    let result = Tensor(shape: [1], [value]).converted(to: .bf16)
    defer { withExtendedLifetime(result) {} }
    #expect(Int(result.bytes.load(as: UInt16.self)) == bits)
  }

  @Test func towardsIntegersFractionsAreCutAndTheRestSaturates() {
    let values = Tensor(shape: [6], [-1.9, 2.9, 300, -300, .nan, .infinity] as [Float])
    #expect(values.converted(to: .i8).elements(Int8.self) == [-1, 2, 127, -128, 0, 127])
    #expect(values.converted(to: .u8).elements(UInt8.self) == [0, 2, 255, 0, 0, 255])
    let truth = Tensor(shape: [3], [0, -0.0, 0.5] as [Double]).converted(to: .bool)
    #expect(truth.converted(to: .u8).elements(UInt8.self) == [0, 0, 1])
  }

  @Test func shapeIsKeptAndOffsetsAreHonoured() {
    let whole = Tensor(shape: [4], [1, 2, 3, 4] as [Int32])
    let part = Tensor(dtype: .i32, shape: [1, 2], buffer: whole.buffer, offset: 4)
    #expect(part.converted(to: .f32) == Tensor(shape: [1, 2], [2, 3] as [Float]))
  }
}
