import Foundation
import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

/// Damaged files give a clear error or a graph, never a crash or a hang.
@Suite struct OnnxMutationTests {
  /// A small network of most of the parts that a file has.
  private static var model: [UInt8] {
    let body = OnnxBytes.graph([.node("Neg", ["p"], ["b"])], outputs: [.value("b")])
    let other = OnnxBytes.graph([.node("Relu", ["p"], ["d"])], outputs: [.value("d")])
    return OnnxBytes.model(
      OnnxBytes.graph(
        [
          .node(
            "Conv", ["x", "w", "bias"], ["c"], [("pads", .ints([1, 1, 1, 1])), ("strides", .ints([2, 2]))], name: "conv"
          ),
          .node("Relu", ["c"], ["r"]), .node("MaxPool", ["r"], ["p"], [("kernel_shape", .ints([2, 2]))]),
          .node("If", ["flag"], ["i"], [("then_branch", .graph(body)), ("else_branch", .graph(other))]),
          .node("Shape", ["i"], ["s"]), .node("Slice", ["s", "zero", "one"], ["n"]),
          .node("Concat", ["n", "open"], ["t"], [("axis", .int(0))]), .node("Reshape", ["i", "t"], ["f"]),
          .node("Gemm", ["f", "m"], ["g"], [("transB", .int(1)), ("alpha", .float(0.5))]),
          .node("Softmax", ["g"], ["y"], [("axis", .int(-1))]),
        ], inputs: [.value("x", .f32, ["batch", "2", "8", "8"]), .value("flag", .bool, [])], outputs: [.value("y")],
        initializers: [
          ("w", OnnxRunner.numbers([3, 2, 3, 3])), ("bias", OnnxRunner.numbers([3])),
          ("m", OnnxRunner.numbers([5, 12])),
          ("zero", Tensor(shape: [1], [Int64(0)])), ("one", Tensor(shape: [1], [Int64(1)])),
          ("open", Tensor(shape: [1], [Int64(-1)])),
        ]))
  }

  @Test func damagedFilesAreJudgedNotCrashedOn() {
    let isLong = ProcessInfo.processInfo.environment["WEFT_LONG"] != nil
    let model = Self.model
    #expect(OnnxRunner.check(model).isSound)
    var random = TestRandom(seed: 20)
    var (sound, faulty) = (0, 0)
    for _ in 0..<(isLong ? 10_000 : 500) {
      var bytes = model
      for _ in 0...Int(random.next() % 3) {
        let at = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 5 {
        case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes[at] ^= 1 << UInt8(random.next() % 8)
        case 2: bytes.remove(at: at)
        case 3: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
        default: bytes.removeSubrange(at..<min(bytes.count, at + Int(random.next() % 40)))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let result = OnnxRunner.check(bytes)
      if result.isSound { sound += 1 } else { faulty += 1 }
      for fault in result.faults { #expect(!fault.message.isEmpty) }
    }
    // Most damage to weights is not seen; most damage to structure is.
    #expect(sound > 0)
    #expect(faulty > 0)
  }
}
