import Language
import Tensors

/// ONNX RNN (7 to 22): Ht = f(Xt·W' + Ht-1·R' + Wb + Rb).
enum RNN {
  static let op = OnnxOperator.make(
    "RNN", "A simple recurrent network.", "X W R B? sequence_lens? initial_h?", "Y? Y_h?", GateFunctions.params,
    infer: RecurrentInference.rule(states: 1)
  ) { call throws(Fault) in
    let net = try Recurrence(call, gates: 1, states: ["initial_h"])
    let functions = try GateFunctions(call.attributes, defaults: ["Tanh"], directions: net.directions)
    return try net.run { way, inputs, states in
      [functions.apply(0, way, zip(inputs, net.recur(way, gate: 0, states[0])).map { $0 + $1 })]
    }
  }
}

/// ONNX GRU (7 to 22), gates z, r, h: Ht = (1 - z) · h + z · Ht-1; the reset gate acts before or after the product with R.
enum GRU {
  static let op = OnnxOperator.make(
    "GRU", "Gated recurrent units.", "X W R B? sequence_lens? initial_h?", "Y? Y_h?",
    GateFunctions.params + [.flag("linear_before_reset")], infer: RecurrentInference.rule(states: 1)
  ) { call throws(Fault) in
    let net = try Recurrence(call, gates: 3, states: ["initial_h"])
    let functions = try GateFunctions(call.attributes, defaults: ["Sigmoid", "Tanh"], directions: net.directions)
    let isLinearFirst = call.flag("linear_before_reset")
    let size = net.hidden
    return try net.run { way, inputs, states in
      let before = states[0]
      func gate(_ index: Int) -> [Double] {
        let recurrent = net.recur(way, gate: index, before)
        return functions.apply(0, way, (0..<size).map { inputs[index * size + $0] + recurrent[$0] })
      }
      let (update, reset) = (gate(0), gate(1))
      let recurrent: [Double]
      if isLinearFirst {
        recurrent = zip(reset, net.recur(way, gate: 2, before)).map { $0 * $1 }
      } else {
        recurrent = net.recur(way, gate: 2, zip(reset, before).map { $0 * $1 })
      }
      let candidate = functions.apply(1, way, (0..<size).map { inputs[2 * size + $0] + recurrent[$0] })
      return [(0..<size).map { (1 - update[$0]) * candidate[$0] + update[$0] * before[$0] }]
    }
  }
}

/// ONNX LSTM (7 to 22), gates i, o, f, c with peepholes P of i, o, f: Ct = f · Ct-1 + i · c, Ht = o · h(Ct).
enum LSTM {
  static let op = OnnxOperator.make(
    "LSTM", "Long short-term memory.", "X W R B? sequence_lens? initial_h? initial_c? P?", "Y? Y_h? Y_c?",
    GateFunctions.params + [.flag("input_forget")], infer: RecurrentInference.rule(states: 2)
  ) { call throws(Fault) in
    let net = try Recurrence(call, gates: 4, states: ["initial_h", "initial_c"])
    let functions = try GateFunctions(
      call.attributes, defaults: ["Sigmoid", "Tanh", "Tanh"], directions: net.directions)
    let size = net.hidden
    let peepholes = try call.optional("P")
    if let peepholes, peepholes.shape != [net.directions, 3 * size] {
      throw .extents("P", peepholes.shape, [net.directions, 3 * size])
    }
    let peeps = peepholes?.doubles() ?? Array(repeating: 0, count: net.directions * 3 * size)
    let isCoupled = call.flag("input_forget")
    return try net.run { way, inputs, states in
      let (h, c) = (states[0], states[1])
      func gate(_ index: Int, _ function: Int, peep: Int? = nil, _ cell: [Double] = []) -> [Double] {
        let recurrent = net.recur(way, gate: index, h)
        return functions.apply(
          function, way,
          (0..<size).map { unit in
            let look = peep.map { peeps[(way * 3 + $0) * size + unit] * cell[unit] } ?? 0
            return inputs[index * size + unit] + recurrent[unit] + look
          })
      }
      let input = gate(0, 0, peep: 0, c)
      let forget = isCoupled ? input.map { 1 - $0 } : gate(2, 0, peep: 2, c)
      let candidate = gate(3, 1)
      let cell = (0..<size).map { forget[$0] * c[$0] + input[$0] * candidate[$0] }
      let output = gate(1, 0, peep: 1, cell)
      return [zip(output, functions.apply(2, way, cell)).map { $0 * $1 }, cell]
    }
  }
}

/// Ranks of the results: Y has four axes, last states three.
enum RecurrentInference {
  static func rule(states: Int) -> Op.Inference {
    { facts throws(Fault) in
      let dtype = facts.tensor("X").dtype
      return [Inference.tensor(dtype, Inference.unknown(rank: 4))]
        + Array(repeating: Inference.tensor(dtype, Inference.unknown(rank: 3)), count: states)
    }
  }
}
@used @section("weft_ops") private let rnnEntry: OpEntry = { OnnxOperator.collect([RNN.op, GRU.op, LSTM.op], $0) }
