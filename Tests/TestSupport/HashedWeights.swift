import Language
import Tensors

/// Weights that any program can make again: an integer hash of the element's number and the name's bytes, uniform on
/// ±sqrt(6 / fan-in), zero biases. `Tools/reference/gatys.py` makes the same.
public enum HashedWeights {
  /// Names and shapes (OIHW) of VGG's convolutions up to conv5_1.
  public static func vgg(_ counts: [Int]) -> [(name: String, tensor: Tensor)] {
    var tensors: [(name: String, tensor: Tensor)] = []
    var channels = 3
    for (block, (count, width)) in zip(counts, [64, 128, 256, 512, 512]).enumerated() {
      for index in 1...(block == 4 ? 1 : count) {
        let name = "block\(block + 1)_conv\(index)"
        tensors.append((name + ".weight", tensor(name + ".weight", [width, channels, 3, 3])))
        tensors.append((name + ".bias", .zeros(.f32, shape: [width])))
        channels = width
      }
    }
    return tensors
  }

  public static func tensor(_ name: String, _ shape: [Int]) -> Tensor {
    let seed = name.utf8.reduce(UInt64(0)) { ($0 * 31 + UInt64($1)) & 0xFFFF_FFFF }
    let bound = (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
    let count = shape.reduce(1, *)
    let values = [Float](unsafeUninitializedCapacity: count) { memory, written in
      for index in 0..<count {
        var x = (UInt64(index) &* 2_654_435_761 &+ seed) & 0xFFFF_FFFF
        x ^= x >> 16
        x = (x &* 0x45D_9F3B) & 0xFFFF_FFFF
        x ^= x >> 16
        memory[index] = Float((2 * (Double(x) / 4_294_967_296) - 1) * bound)
      }
      written = count
    }
    return Tensor(shape: shape, values)
  }
}
