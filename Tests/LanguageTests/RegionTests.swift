import Tensors
import TestSupport
import Testing

@testable import Language

@Suite struct RegionTests {
  static func region(by: Double = 1, extent: Int = 4, constant: Float = 0, label: String = "") throws -> Region {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    emitter.label = label
    let x = emitter.input(.f32([Dim(extent)]))
    let c = emitter.constant(Tensor(shape: [extent], Array(repeating: constant, count: extent)))
    let y = try emitter.emit("test.shift", x, attributes: ["by": .float(by)])
    emitter.setOutputs([try emitter.emit("test.add", y, c)])
    return emitter.region
  }

  @Test func equalProgramsHaveEqualDigests() throws {
    let base = try Self.region().digest
    #expect(try base == Self.region(label: "renamed").digest)
    #expect(try base != Self.region(by: 2).digest && base != Self.region(extent: 5).digest)
    #expect(try base != Self.region(constant: 1).digest)
    var other = try Self.region()
    other.outputs = [other.inputs[0]]
    #expect(other.digest != base)
    other.outputs = []
    #expect(other.digest != base)
  }

  @Test func sizesBeyondAllMemoryDoNotTrap() {
    let type = Concrete(dtype: .f32, shape: [1 << 40, 1 << 40])
    #expect(type.count == .max && type.byteCount == .max)
    #expect(Concrete(dtype: .f32, shape: []).byteCount == 4)
  }
}
