import Compiler
import Language
import Synchronization
import TestSupport
import Tensors
import Workers

@testable import ImageOps

/// Random bytes, as a picture [height, width, channels].
func pixels(_ shape: [Int], seed: UInt64 = 1) -> Tensor {
  var generator = TestRandom(seed: seed)
  return Tensor(shape: shape, (0..<shape.reduce(1, *)).map { _ in UInt8.random(in: 0...255, using: &generator) })
}

func random(_ shape: [Int], in range: ClosedRange<Float> = -1...1, seed: UInt64 = 1) -> Tensor {
  var generator = TestRandom(seed: seed)
  return Tensor(shape: shape, generator.floats(shape.reduce(1, *), in: range))
}

/// The results of an op whose operands may be pictures (u8 or u16 tensors of rank 3), with one thread and two.
func imageResults(_ op: Op, _ inputs: [Tensor], _ attributes: [String: Literal]) throws -> [Tensor] {
  let registry = Registry([op])
  var emitter = Emitter(registry: registry)
  let values = inputs.map { tensor in
    if tensor.dtype != .f32, let format = PixelFormat(channels: tensor.shape[2], dtype: tensor.dtype) {
      return emitter.input(
        .image(ImageType(format: format, height: Dim(tensor.shape[0]), width: Dim(tensor.shape[1]))))
    }
    return emitter.input(.f32(tensor.shape.map { Dim($0) }))
  }
  emitter.setOutputs(try emitter.emit(op, values.map { [$0] }, attributes))
  let runs = try [1, 2].map { width in
    try Compiler(registry: registry, team: Team(width: width)).compile(emitter.region, Demand()).run(inputs)
  }
  guard runs[0] == runs[1] else { throw ThreadsDiffer() }
  return runs[0]
}

/// The ops that are run for an op on a picture, without copies.
func operations(_ op: Op, _ x: Tensor, _ attributes: [String: Literal]) throws -> [String] {
  var emitter = Emitter(registry: Registry([op]))
  let type = ImageType(
    format: PixelFormat(channels: x.shape[2], dtype: x.dtype)!, height: Dim(x.shape[0]), width: Dim(x.shape[1]))
  emitter.setOutputs(try emitter.emit(op, [[emitter.input(.image(type))]], attributes))
  let watcher = OperationNames()
  let program = try Compiler(registry: Registry([op])).compile(emitter.region, Demand())
  _ = program.run([x], RunContext(observer: watcher))
  return watcher.names.withLock { $0 }.filter { $0 != "compiler.copy" }
}

private final class OperationNames: RunObserver {
  let names = Mutex<[String]>([])
  func finished(_ event: NodeEvent) { names.withLock { $0.append(event.op) } }
}

/// The first of them.
func imageResult(_ op: Op, _ inputs: [Tensor], _ attributes: [String: Literal]) throws -> Tensor {
  try imageResults(op, inputs, attributes)[0]
}

/// The naive result of moving pixels: for each row and column of the result, the pixel of `x` it is read from, or nil
/// for `fill`.
func moved(_ x: Tensor, _ height: Int, _ width: Int, fill: [UInt8] = [0], _ source: (Int, Int) -> (Int, Int)?) -> Tensor
{
  let channels = x.shape[2]
  let bytes = x.elements(UInt8.self)
  var result: [UInt8] = []
  for row in 0..<height {
    for column in 0..<width {
      let place = source(row, column)
      for channel in 0..<channels {
        result.append(
          place.map { bytes[($0.0 * x.shape[1] + $0.1) * channels + channel] } ?? fill[min(channel, fill.count - 1)])
      }
    }
  }
  return Tensor(shape: [height, width, channels], result)
}

struct ThreadsDiffer: Error {}

/// The largest difference, relative where the reference is above 1.
func error(_ tensor: Tensor, _ reference: [Double]) -> Double {
  let elements = tensor.elements(Float.self)
  guard elements.count == reference.count else { return .infinity }
  return zip(elements, reference).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? 0
}

/// The largest difference of two pictures, in levels.
func levels(_ a: Tensor, _ b: Tensor) -> Int {
  guard a.shape == b.shape else { return .max }
  return zip(a.elements(UInt8.self), b.elements(UInt8.self)).map { abs(Int($0) - Int($1)) }.max() ?? 0
}
