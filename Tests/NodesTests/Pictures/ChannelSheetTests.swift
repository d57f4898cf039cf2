import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ChannelSheetTests {
  @Test func `each channel by itself, all alike, or as colours`() throws {
    let x = Tensor(shape: [1, 2, 1, 2], [0, 1, 0, 4] as [Float])
    func pixels(_ attributes: [String: Literal], _ x: Tensor) throws -> [UInt8] {
      try run(ChannelSheet.op, ["x": .tensor(x)], attributes.merging(["gap": 0, "columns": 2]) { $1 })[0].image!.pixels
        .elements(UInt8.self)
    }
    #expect(try pixels([:], x) == [0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255])
    #expect(try pixels(["scale": "all"], x) == [0, 0, 0, 64, 64, 64, 0, 0, 0, 255, 255, 255])
    let filter = Tensor(shape: [1, 3, 1, 1], [0, 1, 2] as [Float])
    #expect(try pixels(["colour": true], filter) == [0, 128, 255])
    #expect(try pixels(["most": 1], x).count == 6)
  }
}
