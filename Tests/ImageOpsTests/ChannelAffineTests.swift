import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct ChannelAffineTests {
  let harness = OpHarness([ChannelAffine.op])

  private let affine = ChannelAffine(order: [2, 0, 1], scale: [2, -3, 0.5], offset: [1, 0, -1])

  @Test(arguments: [0, 1, 2]) func valuesMatchTheFormula(_ axis: Int) throws {
    var shape = [50, 60]
    shape.insert(3, at: axis)
    let x = random(shape)
    let attributes: [String: Literal] = [
      "axis": .int(axis), "order": .array([2, 0, 1]), "scale": .array([2, -3, 0.5]), "offset": .array([1, 0, -1]),
    ]
    let y = try harness.evaluate(ChannelAffine.op, ["x": x], attributes)[0]
    let values = x.elements(Float.self).map(Double.init)
    let stride = shape[(axis + 1)...].reduce(1, *)
    let expected = values.indices.map { index in
      let channel = index / stride % 3
      let source = values[index + (affine.order[channel] - channel) * stride]
      return source * affine.scale[channel] + affine.offset[channel]
    }
    #expect(error(y, expected) < 1e-6)
    #expect(try harness.gradientError(ChannelAffine.op, ["x": random([3, 3, 3])], attributes) < 1e-3)
  }

  @Test func theInverseOfTheInverseIsTheMap() {
    #expect(affine.inverse.inverse == affine)
    #expect(affine.inverse.order == [1, 2, 0])
  }
}
