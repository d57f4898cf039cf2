import Language
import Tensors

/// What RNN, GRU and LSTM have in common: layouts, directions, lengths of sequences, initial states. Everything is computed in
/// Double.
struct Recurrence {
  let steps: Int
  let batch: Int
  let inputSize: Int
  let hidden: Int
  let directions: Int
  let gates: Int
  private let x: [Double]
  private let weights: [Double]
  private let recurrent: [Double]
  private let biases: [Double]
  private let lengths: [Int]
  private let initial: [[Double]]
  private let direction: String
  private let isBatchFirst: Bool
  private let dtype: DType

  /// `states` names the inputs that hold initial states: h, and for an LSTM c.
  init(_ call: HostCall, gates: Int, states: [String]) throws(Fault) {
    let (x, w, r) = (try call.tensor("X").requireFloat("X"), try call.tensor("W"), try call.tensor("R"))
    guard x.rank == 3 else { throw .rank("X", x.shape, "[steps, batch, inputs]") }
    direction = call.attributes.string("direction")
    isBatchFirst = call.flag("layout")
    dtype = x.dtype
    self.gates = gates
    directions = direction == "bidirectional" ? 2 : 1
    (steps, batch, inputSize) =
      isBatchFirst ? (x.shape[1], x.shape[0], x.shape[2]) : (x.shape[0], x.shape[1], x.shape[2])
    guard r.rank == 3, r.shape[0] == directions, r.shape[1] == gates * r.shape[2] else {
      throw .rank("R", r.shape, "[\(directions), \(gates) · hidden, hidden]")
    }
    hidden = r.shape[2]
    if let given = call.int("hidden_size"), given != hidden {
      throw .attribute("hidden_size", "it is \(given), but R has \(hidden)")
    }
    guard w.shape == [directions, gates * hidden, inputSize] else {
      throw .extents("W", w.shape, [directions, gates * hidden, inputSize])
    }
    self.x = try (isBatchFirst ? x.transposed([1, 0, 2]) : x).doubles()
    weights = w.doubles()
    recurrent = r.doubles()
    if let bias = try call.optional("B") {
      guard bias.shape == [directions, 2 * gates * hidden] else {
        throw .extents("B", bias.shape, [directions, 2 * gates * hidden])
      }
      biases = bias.doubles()
    } else {
      biases = Array(repeating: 0, count: try Extents.count([directions, 2 * gates * hidden]))
    }
    lengths = try call.integers(at: "sequence_lens") ?? Array(repeating: steps, count: batch)
    let limit = steps
    guard lengths.count == batch, lengths.allSatisfy({ (0...limit).contains($0) }) else {
      throw .attribute("sequence_lens", "\(lengths) does not fit \(steps) steps of \(batch) sequences")
    }
    var initial: [[Double]] = []
    for port in states {
      let wanted = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
      guard let state = try call.optional(port) else {
        initial.append(Array(repeating: 0, count: try Extents.count(wanted)))
        continue
      }
      guard state.shape == wanted else { throw .extents(port, state.shape, wanted) }
      initial.append(try (isBatchFirst ? state.transposed([1, 0, 2]) : state).doubles())
    }
    self.initial = initial
    _ = try Extents.count([steps, directions, batch, hidden])
  }

  /// One step of one sequence: the gates' inputs x·W' + Wb (gate-major) and the states before; gives the states after.
  typealias Cell = (_ direction: Int, _ inputs: [Double], _ states: [[Double]]) -> [[Double]]

  /// h · R' + Rb of gate `gate`.
  func recur(_ direction: Int, gate: Int, _ h: [Double]) -> [Double] {
    let rows = direction * gates * hidden + gate * hidden
    let bias = (2 * direction + 1) * gates * hidden + gate * hidden
    return (0..<hidden).map { unit in
      let start = (rows + unit) * hidden
      var sum = biases[bias + unit]
      for place in 0..<hidden { sum += recurrent[start + place] * h[place] }
      return sum
    }
  }

  private func inputs(_ direction: Int, _ step: Int, _ sequence: Int) -> [Double] {
    let source = (step * batch + sequence) * inputSize
    return (0..<(gates * hidden)).map { row in
      let start = (direction * gates * hidden + row) * inputSize
      var sum = biases[2 * direction * gates * hidden + row]
      for place in 0..<inputSize { sum += weights[start + place] * x[source + place] }
      return sum
    }
  }

  /// Runs the cell over all sequences. Results: Y, then the last states, as ONNX lays them out. Steps past a sequence's end are 0.
  func run(_ cell: Cell) throws(Fault) -> [Tensor?] {
    var y = Array(repeating: 0.0, count: steps * directions * batch * hidden)
    var last = initial
    for way in 0..<directions {
      let isReverse = direction == "reverse" || way == 1
      for sequence in 0..<batch {
        let place = (way * batch + sequence) * hidden
        var states = initial.map { Array($0[place..<(place + hidden)]) }
        for count in 0..<lengths[sequence] {
          let step = isReverse ? lengths[sequence] - 1 - count : count
          states = cell(way, inputs(way, step, sequence), states)
          let target = ((step * directions + way) * batch + sequence) * hidden
          y.replaceSubrange(target..<(target + hidden), with: states[0])
        }
        for (index, state) in states.enumerated() { last[index].replaceSubrange(place..<(place + hidden), with: state) }
      }
    }
    let whole = Tensor.rounding(y, [steps, directions, batch, hidden], to: dtype)
    let finals = last.map { Tensor.rounding($0, [directions, batch, hidden], to: dtype) }
    guard isBatchFirst else { return [whole] + finals }
    var turned: [Tensor?] = [try whole.transposed([2, 0, 1, 3])]
    for state in finals { turned.append(try state.transposed([1, 0, 2])) }
    return turned
  }
}
