import Glibc
import Language

/// The activation functions of recurrent operators, by name, each with its alpha and beta; inputs are first kept within ±clip.
struct GateFunctions {
  private let functions: [(Double) -> Double]
  private let perDirection: Int

  /// `defaults` are the functions of one direction.
  init(_ attributes: Attributes, defaults: [String], directions: Int) throws(Fault) {
    perDirection = defaults.count
    var names = attributes.has("activations") ? attributes.strings("activations") : []
    if names.isEmpty { names = Array(repeating: defaults, count: directions).flatMap { $0 } }
    guard names.count >= defaults.count * directions else {
      throw .listLength("activations", names.count, defaults.count * directions)
    }
    var alphas = (attributes.has("activation_alpha") ? attributes.numbers("activation_alpha") : [])[...]
    var betas = (attributes.has("activation_beta") ? attributes.numbers("activation_beta") : [])[...]
    let clip = attributes.has("clip") ? attributes.number("clip") : .infinity
    var functions: [(Double) -> Double] = []
    for name in names {
      guard let entry = GateFunctions.table[name.lowercased()] else {
        throw .attribute("activations", "there is no function \"\(name)\"")
      }
      let alpha = entry.alpha.map { alphas.popFirst() ?? $0 } ?? 0
      let beta = entry.beta.map { betas.popFirst() ?? $0 } ?? 0
      let function = entry.function
      functions.append { function(min(max($0, -clip), clip), alpha, beta) }
    }
    self.functions = functions
  }

  func apply(_ index: Int, _ direction: Int, _ values: [Double]) -> [Double] {
    values.map(functions[direction * perDirection + index])
  }

  private typealias Entry = (
    alpha: Double?, beta: Double?, function: @Sendable (_ x: Double, _ alpha: Double, _ beta: Double) -> Double
  )

  /// Defaults of alpha and beta, nil where the function has none.
  private static let table: [String: Entry] = [
    "relu": (nil, nil, { x, _, _ in max(x, 0) }), "tanh": (nil, nil, { x, _, _ in tanh(x) }),
    "sigmoid": (nil, nil, { x, _, _ in Activations.sigmoid(x) }),
    "affine": (1, 0, { x, alpha, beta in alpha * x + beta }),
    "leakyrelu": (0.01, nil, { x, alpha, _ in x >= 0 ? x : alpha * x }),
    "thresholdedrelu": (1, nil, { x, alpha, _ in x >= alpha ? x : 0 }),
    "scaledtanh": (1, 1, { x, alpha, beta in alpha * tanh(beta * x) }),
    "hardsigmoid": (0.2, 0.5, { x, alpha, beta in min(max(alpha * x + beta, 0), 1) }),
    "elu": (1, nil, { x, alpha, _ in x >= 0 ? x : alpha * expm1(x) }),
    "softsign": (nil, nil, { x, _, _ in x / (1 + abs(x)) }),
    "softplus": (nil, nil, { x, _, _ in Activations.softplus(x) }),
  ]

  static let params: [Param] = [
    .strings("activations"), .floats("activation_alpha"), .floats("activation_beta"), .attribute("clip", float: nil),
    .attribute("direction", words: ["forward", "reverse", "bidirectional"]), .attribute("hidden_size", nil),
    .flag("layout"),
  ]
}
