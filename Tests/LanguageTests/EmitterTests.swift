import Tensors
import TestSupport
import Testing

@testable import Language

@Suite struct EmitterTests {
  @Test func typesAreInferredOnTheWay() throws {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let x = emitter.input(.f32([2, 3]))
    let c = emitter.constant(.zeros(.f32, shape: [2, 3]))
    let y = try emitter.emit("test.add", x, c)
    emitter.label = "sum"
    let z = try emitter.emit("test.total", y)
    emitter.setOutputs([z])
    let region = emitter.region
    #expect(
      region.types.map(\.description) == ["tensor<f32>[2,3]", "tensor<f32>[2,3]", "tensor<f32>[2,3]", "tensor<f32>[]"])
    #expect(region.inputs == [x] && region.outputs == [z] && region.constants.keys.sorted() == [c])
    #expect(region.nodes.map(\.label) == ["", "sum"])
  }

  @Test func whatDoesNotFitIsAFault() throws {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let (x, y) = (emitter.input(.f32([2])), emitter.input(.f32([3])))
    #expect(throws: Fault.shape("a and b differ: tensor<f32>[2] and tensor<f32>[3]")) {
      try emitter.emit("test.add", x, y)
    }
    #expect(throws: Fault.self) { try emitter.emit("test.ad", x, x) }
    #expect(throws: Fault.self) { try emitter.emit("test.shift", x, attributes: ["by": "much"]) }
  }
}
