import Kernels
import Language
import Optimizers
import Tensors
import Workers

/// A minimisation in progress: the compiled body with its gradient, the point as one flat slab, and the optimiser.
///
/// The slab holds the tensors of `wrt` one after the other, each beginning at a multiple of 64 bytes; the numbers in
/// between are and stay zero, because their gradient is.
final class MinimizeSession: LoopSession {
  /// A tensor of `wrt` in the slab.
  private struct Part {
    let name: String
    let shape: [Int]
    let start: Int

    var count: Int { shape.reduce(1, *) }
  }

  private let program: any Executable
  private let parts: [Part]
  private let count: Int
  private let clamp: ClosedRange<Float>?
  private let loss: Int
  private let logged: [Int]
  private let outputNames: [String]
  let columns: [String]

  private var optimizer: any Optimizer<Float>
  private let point: Buffer
  private let gradient: Buffer
  /// The body's outputs at the last evaluation.
  private let outputs: [Buffer]
  private let inputPointers: [UnsafeRawPointer]
  private let outputPointers: [UnsafeMutableRawPointer]
  /// Keeps the memory of fixed inputs alive.
  private let fixed: [Tensor]
  private var steps: UInt64 = 0

  init(_ site: LoopSite) throws(Fault) {
    var parts: [Part] = []
    var end = 0
    for (name, start) in site.wrt {
      guard start.dtype == .f32 else { throw .wrtElement(name, "\(start.dtype.rawValue)\(start.shape)") }
      let begin = (end + 15) & ~15
      parts.append(Part(name: name, shape: start.shape, start: begin))
      end = begin + start.count
    }
    (self.parts, count) = (parts, end)
    clamp = try Minimize.clamp(site.attributes)

    guard let loss = site.outputs.firstIndex(of: site.loss) else {
      throw .noSuchColumn(site.loss, site.outputs)
    }
    self.loss = loss
    outputNames = site.outputs
    logged = MinimizeSession.logged(site, loss: loss)
    columns = ([loss] + logged).map { site.outputs[$0] } + ["grad_norm"]

    var wrt: [ValueID] = []
    var gradientParts: [Int] = []
    for (input, source) in zip(site.body.inputs, site.sources) {
      guard case .wrt(let index) = source else { continue }
      precondition(!gradientParts.contains(index), "\"\(parts[index].name)\" enters the body twice")
      wrt.append(input)
      gradientParts.append(index)
    }
    program = try site.compiler.compile(site.body, Demand(loss: site.body.outputs[loss], wrt: wrt))

    let (method, settings) = try Minimize.method(site.attributes)
    let sweep = Sweep { count, body in Team.shared.parallel(chunks: count) { body($0) } }
    optimizer = method.make(settings, end, sweep)

    let (point, gradient) = (Buffer(byteCount: end * 4, zeroed: true), Buffer(byteCount: end * 4, zeroed: true))
    for (part, start) in zip(parts, site.wrt) {
      (point.bytes + part.start * 4).copyMemory(from: start.start.bytes.baseAddress!, byteCount: part.count * 4)
    }
    let outputs = site.body.outputs.map { Buffer(byteCount: site.body.concrete($0).byteCount) }
    (self.point, self.gradient, self.outputs) = (point, gradient, outputs)
    var fixed: [Tensor] = []
    inputPointers = site.sources.map { source in
      switch source {
      case .wrt(let index): return UnsafeRawPointer(point.bytes + parts[index].start * 4)
      case .fixed(let tensor):
        fixed.append(tensor)
        return UnsafeRawPointer(tensor.buffer.bytes + tensor.offset)
      }
    }
    self.fixed = fixed
    outputPointers = outputs.map(\.bytes) + gradientParts.map { gradient.bytes + parts[$0].start * 4 }
  }

  /// The outputs that become columns after the loss.
  private static func logged(_ site: LoopSite, loss: Int) -> [Int] {
    if site.attributes.has("log") {
      return site.attributes.strings("log").compactMap { site.outputs.firstIndex(of: $0) }.filter { $0 != loss }
    }
    return site.outputs.indices.filter { index in
      let type = site.body.concrete(site.body.outputs[index])
      return index != loss && type.count == 1 && type.dtype == .f32
    }
  }

  func step(_ context: RunContext) throws(Fault) -> StepReport {
    program.run(inputPointers, into: outputPointers, context)
    let value = scalar(loss)
    guard value.isFinite else { throw .lossNotFinite(outputNames[loss], value, step: context.step) }
    let slope = gradient.bytes.assumingMemoryBound(to: Float.self)
    let norm = Kernels.Slab.norm2(slope, count: count)
    // A gradient may overflow before the loss does; an update would then spoil the whole point.
    guard norm.isFinite else { throw .gradientNotFinite(outputNames[loss], step: context.step) }
    let outcome = optimizer.tell(
      loss: value, gradient: UnsafeBufferPointer(start: slope, count: count),
      point: UnsafeMutableBufferPointer(start: point.bytes.assumingMemoryBound(to: Float.self), count: count))
    if let clamp { confine(to: clamp) }
    steps += 1
    return StepReport(loss: value, log: [value] + logged.map(scalar) + [norm], finished: finished(outcome))
  }

  /// Only where no further step would move the point: after the tests on loss and move a method may still go on.
  private func finished(_ outcome: Outcome) -> String? {
    switch outcome {
    case .settled(.gradient): "the gradient is within the tolerance of zero"
    case .settled(.slope): "the loss has no slope along the direction of search"
    default: nil
    }
  }

  private func confine(to range: ClosedRange<Float>) {
    let values = point.bytes.assumingMemoryBound(to: Float.self)
    for part in parts {
      for index in part.start..<part.start + part.count {
        values[index] = min(max(values[index], range.lowerBound), range.upperBound)
      }
    }
  }

  private func scalar(_ output: Int) -> Double {
    Double(outputs[output].bytes.assumingMemoryBound(to: Float.self).pointee)
  }

  func value(_ name: String) -> Tensor? {
    if let part = parts.first(where: { $0.name == name }) { return tensor(part) }
    guard steps > 0, let index = outputNames.firstIndex(of: name) else { return nil }
    return copy(outputs[index], dtype: program.outputs[index].dtype, shape: program.outputs[index].shape)
  }

  private func tensor(_ part: Part) -> Tensor {
    Tensor(Float.self, shape: part.shape) { memory in
      memory.baseAddress?.initialize(
        from: point.bytes.assumingMemoryBound(to: Float.self) + part.start, count: part.count)
    }
  }

  private func copy(_ buffer: Buffer, dtype: DType, shape: [Int]) -> Tensor {
    let fresh = Buffer(byteCount: buffer.byteCount)
    fresh.bytes.copyMemory(from: buffer.bytes, byteCount: buffer.byteCount)
    return Tensor(dtype: dtype, shape: shape, buffer: fresh)
  }

  // MARK: State

  /// The point, the last outputs (a loop that resumes at its end still has values to keep) and the optimiser's memory.
  var state: [(name: String, tensor: Tensor)] {
    var entries: [(name: String, tensor: Tensor)] = [("steps", Tensor(shape: [1], [Int64(steps)]))]
    entries += parts.map { ("wrt.\($0.name)", tensor($0)) }
    if steps > 0 {
      entries += outputNames.map { ("output.\($0)", value($0)!) }
    }
    return entries + optimizer.state.map { ("optimizer.\($0.name)", $0.tensor) }
  }

  func restore(_ state: [(name: String, tensor: Tensor)]) throws(Fault) {
    var memory: [NamedTensor] = []
    var values: [String: Tensor] = [:]
    for (name, tensor) in state {
      if name.hasPrefix("optimizer.") {
        memory.append((String(name.dropFirst("optimizer.".count)), tensor))
      } else {
        values[name] = tensor
      }
    }
    guard let counted = values["steps"], counted.dtype == .i64, counted.shape == [1] else {
      throw .badLoopState("\"steps\" is missing")
    }
    let steps = counted.elements(Int64.self)[0]
    guard steps >= 0 else { throw .badLoopState("it counts \(steps) steps") }
    var copies: [(from: Tensor, to: UnsafeMutableRawPointer)] = []
    for part in parts {
      let tensor = try find("wrt.\(part.name)", Concrete(dtype: .f32, shape: part.shape), in: values)
      copies.append((tensor, point.bytes + part.start * 4))
    }
    if steps > 0 {
      for (index, name) in outputNames.enumerated() {
        copies.append((try find("output.\(name)", program.outputs[index], in: values), outputs[index].bytes))
      }
    }
    // Nothing is written before everything fits.
    try optimizer.restore(memory)
    for (from, to) in copies where from.byteCount > 0 {
      to.copyMemory(from: from.bytes.baseAddress!, byteCount: from.byteCount)
    }
    self.steps = UInt64(steps)
  }

  private func find(_ name: String, _ type: Concrete, in values: [String: Tensor]) throws(Fault) -> Tensor {
    guard let tensor = values[name] else { throw .badLoopState("\"\(name)\" is missing") }
    guard tensor.dtype == type.dtype, tensor.shape == type.shape else {
      throw .badLoopState(
        "\"\(name)\" is \(tensor.dtype.rawValue)\(tensor.shape), not \(type.dtype.rawValue)\(type.shape)")
    }
    return tensor
  }
}
