import Language
import Tensors
import Workers

/// A body compiled, with the memory that feeds it and the memory it fills.
///
/// Elements of streams are made ahead of time on other threads; which element a step gets depends on the step alone.
final class BodyRun {
  private typealias Elements = Result<[Tensor], Fault>

  /// Batches made beyond the one in use.
  private static let ahead = 2

  let program: any Executable
  let names: [String]
  /// One per output of the body's region, the unnamed ones included.
  let outputs: [Buffer]
  /// Elements in one pass of the shortest stream; nil without streams.
  let passLength: Int?
  private let outputPointers: [UnsafeMutableRawPointer]
  private var inputPointers: [UnsafeRawPointer]
  private let streamInputs: [(input: Int, stream: Int)]
  private let prefetch: Prefetch<Elements>?
  /// Keep the memory of inputs alive that runs read.
  private let fixed: [Tensor]
  private var elements: [Tensor] = []

  /// - Parameters:
  ///   - place: where a value that is optimised or carried lies.
  ///   - gradients: where the gradients that `demand` asks for go.
  init(
    _ body: LoopSite.Program, _ demand: Demand, _ compiler: any RegionCompiler, seed: UInt64,
    gradients: [UnsafeMutableRawPointer] = [], place: (LoopSite.Source) -> UnsafeRawPointer
  ) throws(Fault) {
    var given: [Int: Tensor] = [:]
    for (index, source) in body.sources.enumerated() { if case .fixed(let tensor) = source { given[index] = tensor } }
    let compiled = try compiler.compile(body.body, demand)
    let isRead = Set(compiled.footprint(holding: Set(given.keys)).read)
    // What depends on these alone, like transformed weights, is not computed again at every step.
    program = compiled.holding(given)
    names = body.outputs
    outputs = body.body.outputs.map { Buffer(byteCount: body.body.concrete($0).byteCount) }
    outputPointers = outputs.map(\.bytes) + gradients
    let unread = UnsafeRawPointer(outputs.first?.bytes ?? Buffer(byteCount: 1).bytes)
    var pointers: [UnsafeRawPointer] = []
    var streamInputs: [(input: Int, stream: Int)] = []
    var fixed: [Tensor] = []
    for (input, source) in body.sources.enumerated() {
      switch source {
      case .wrt, .state: pointers.append(place(source))
      case .fixed(let tensor) where isRead.contains(input):
        fixed.append(tensor)
        pointers.append(UnsafeRawPointer(tensor.buffer.bytes + tensor.offset))
      case .fixed:
        // What was made of it is read instead; whoever else has it may let it go.
        pointers.append(unread)
      case .stream(let index):
        streamInputs.append((input, index))
        // Replaced before every run.
        pointers.append(unread)
      }
    }
    (inputPointers, self.streamInputs, self.fixed) = (pointers, streamInputs, fixed)
    let streams = body.streams
    passLength = streams.map(\.count).min()
    guard !streams.isEmpty else {
      prefetch = nil
      return
    }
    prefetch = Prefetch(depth: BodyRun.ahead) { position in
      Elements { () throws(Fault) in
        var elements: [Tensor] = []
        for stream in streams { elements.append(try stream.checked(position, seed: seed)) }
        return elements
      }
    }
  }

  /// Runs the body on the elements at `position`.
  func run(_ position: Int, _ context: RunContext) throws(Fault) {
    if let prefetch {
      elements = try prefetch.take(position).get()
      for (input, stream) in streamInputs {
        inputPointers[input] = UnsafeRawPointer(elements[stream].buffer.bytes + elements[stream].offset)
      }
    }
    program.run(inputPointers, into: outputPointers, context)
  }

  /// Named outputs that are single numbers.
  var scalars: [Int] {
    names.indices.filter { program.outputs[$0].count == 1 && program.outputs[$0].dtype == .f32 }
  }

  func scalar(_ output: Int) -> Double { Double(outputs[output].bytes.assumingMemoryBound(to: Float.self).pointee) }

  /// A copy of an output as of the last run.
  func tensor(_ output: Int) -> Tensor {
    let type = program.outputs[output]
    let fresh = Buffer(byteCount: outputs[output].byteCount)
    fresh.bytes.copyMemory(from: outputs[output].bytes, byteCount: outputs[output].byteCount)
    return Tensor(dtype: type.dtype, shape: type.shape, buffer: fresh)
  }
}
