import Language
import Tensors

/// Small ops for tests of what knows no real ones. Host ops work on numbers and lists, numeric ones on f32 tensors.
public enum ToyOps {
  public static let registry = Registry(all)

  public static let all: [Op] = [
    add, scale, sum, root, constant, shift, range, join, pick, fail, noise, read, control("core.if", .if),
    control("core.loop", .loop), descend, host("toy.map", inputs: [], outputs: []) { _ throws(Fault) in [] },
  ]

  // MARK: Numeric

  /// Sum of tensors of one shape.
  public static let add = numeric("toy.add", [Port("x", "tensor<f32>", .variadic)]) { call, count, operands, _ in
    for index in 0..<count {
      var sum: Float = 0
      for operand in 0..<operands { sum += call.input(operand)[index] }
      call.output()[index] = sum
    }
  }

  public static let scale = numeric(
    "toy.scale", [Port("x", "tensor<f32>")], params: [Param("by", .number(.all), default: .float(2), "factor")]
  ) { call, count, _, attributes in
    for index in 0..<count { call.output()[index] = call.input(0)[index] * Float(attributes.number("by")) }
  }

  /// NaN for negative numbers.
  public static let root = numeric("toy.root", [Port("x", "tensor<f32>")]) { call, count, _, _ in
    for index in 0..<count { call.output()[index] = call.input(0)[index].squareRoot() }
  }

  /// The sum of all elements, a scalar.
  public static let sum = Op(
    "toy.sum", doc: "Adds all elements.", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>[]")],
    infer: { _ throws(Fault) in [.f32([])] },
    action: .numeric(
      Numeric { site throws(Fault) in
        let count = site.operand(0).count
        return [
          Choice("naive") { call in
            var sum: Float = 0
            for index in 0..<count { sum += call.input(0)[index] }
            call.output()[0] = sum
          }
        ]
      }))

  private static func numeric(
    _ name: String, _ inputs: [Port], params: [Param] = [],
    _ body: @escaping @Sendable (KernelCall, Int, Int, Attributes) -> Void
  ) -> Op {
    Op(
      name, doc: "A toy.", inputs: inputs, outputs: [Port("y", "tensor<f32>")], params: params,
      infer: { facts throws(Fault) in
        let types = facts.inputs.joined().compactMap { $0.tensor?.shape }
        guard Set(types).count <= 1 else { throw .shape("\(facts.op) takes tensors of one shape") }
        return [.f32(types.first)]
      },
      action: .numeric(
        Numeric { site throws(Fault) in
          let operands = site.operands.joined().count
          let count = site.result.count
          return [Choice("naive", operations: Double(count)) { body($0, count, operands, site.attributes) }]
        }))
  }

  // MARK: Host

  /// A tensor of `size` elements, all `value`.
  public static let constant = host(
    "toy.constant", inputs: [],
    params: [
      Param("value", .number(.all), default: .float(1), "element"), Param("size", .int(.natural), default: .int(4), ""),
    ]
  ) { call throws(Fault) in
    let value = Float(call.attributes.number("value"))
    return [
      .tensor(Tensor(shape: [call.attributes.int("size")], Array(repeating: value, count: call.attributes.int("size"))))
    ]
  }

  /// Adds `by` to every element; `floor` rounds down, so that different inputs may give equal results.
  public static let shift = host(
    "toy.shift", inputs: [Port("x", "tensor<f32>")],
    params: [
      Param("by", .number(.all), default: .float(1), "added"),
      Param("floor", .bool, default: .bool(false), "round down"),
    ]
  ) { call throws(Fault) in
    let tensor = try call.tensor("x")
    let by = Float(call.attributes.number("by"))
    let isFloored = call.attributes.bool("floor")
    let result = tensor.elements(Float.self).map { isFloored ? ($0 + by).rounded(.down) : $0 + by }
    return [.tensor(Tensor(shape: tensor.shape, result))]
  }

  /// `count` one-element tensors 0, 1, 2…
  public static let range = host(
    "toy.range", inputs: [], params: [Param("count", .int(.natural), "how many")]
  ) { call throws(Fault) in
    [.list((0..<call.attributes.int("count")).map { .tensor(Tensor(shape: [1], [Float($0)])) })]
  }

  /// All elements of a list of tensors in one tensor; nothing for absent ones.
  public static let join = host("toy.join", inputs: [Port("x", "list<any>")]) { call throws(Fault) in
    var numbers: [Float] = []
    for item in try call.list("x") { if case .tensor(let tensor) = item { numbers += tensor.elements(Float.self) } }
    return [.tensor(Tensor(shape: [numbers.count], numbers))]
  }

  /// One item of a list: a cheap op.
  public static let pick = host(
    "toy.pick", inputs: [Port("x", "list<any>")], params: [Param("index", .int(.natural), "which")], isCheap: true
  ) { call throws(Fault) in
    let list = try call.list("x")
    guard list.indices.contains(call.attributes.int("index")) else { throw .failed("no such item") }
    return [list[call.attributes.int("index")]]
  }

  /// Fails when the first element is at least `limit`, else passes its input on.
  public static let fail = host(
    "toy.fail", inputs: [Port("x", "tensor<f32>")], params: [Param("limit", .number(.all), default: .float(0), "")]
  ) { call throws(Fault) in
    let tensor = try call.tensor("x")
    if Double(tensor.elements(Float.self)[0]) >= call.attributes.number("limit") { throw .failed("too large") }
    return [.tensor(tensor)]
  }

  /// Four random numbers.
  public static let noise = host(
    "toy.noise", inputs: [Port("x", "any", .optional)], isRandom: true
  ) { call throws(Fault) in
    var state = call.seed
    let numbers = (0..<4).map { _ -> Float in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40)
    }
    return [.tensor(Tensor(shape: [4], numbers))]
  }

  /// The length of a file's path in UTF-8 is never part of it: the file's first byte, as a one-element tensor.
  public static let read = host("toy.read", inputs: [Port("file", "file")], queue: .io) { call throws(Fault) in
    guard case .file(let path)? = call.value("file"), let byte = Assets.firstByte(path) else {
      throw .failed("no such file")
    }
    return [.tensor(Tensor(shape: [1], [Float(byte)]))]
  }

  public static func host(
    _ name: String, inputs: [Port], outputs: [Port] = [Port("y", "any")], params: [Param] = [],
    queue: Host.Queue = .cpu, isCheap: Bool = false, isRandom: Bool = false,
    run: @escaping @Sendable (HostCall) throws(Fault) -> [Value]
  ) -> Op {
    Op(
      name, doc: "A toy.", inputs: inputs, outputs: outputs, params: params, isRandom: isRandom,
      infer: { _ throws(Fault) in outputs.map(\.type) },
      action: .host(Host(queue: queue, isCheap: isCheap, run: run)))
  }

  private static func control(_ name: String, _ control: Control) -> Op {
    Op(
      name, doc: "A toy.", inputs: [], outputs: [], structure: ["body"], infer: { _ throws(Fault) in [] },
      action: .control(control))
  }

  // MARK: Loop

  /// Moves every `wrt` against its own value with momentum; the loss is what the body says. Not a method of any use,
  /// but one whose next step depends on all of its state.
  public static let descend = Op(
    "toy.descend", doc: "A toy.", inputs: [], outputs: [],
    params: [
      Param("lr", .number(.all), default: .float(0.1), "rate"), Param("stop", .int(.natural), default: .int(0), "step"),
    ],
    structure: ["body", "wrt", "loss", "until", "keep"], infer: { _ throws(Fault) in [] }, action: .loop(Descend()))
}

struct Descend: LoopOp {
  func open(_ site: LoopSite) throws(Fault) -> any LoopSession { try DescendSession(site) }
}

final class DescendSession: LoopSession {
  private let site: LoopSite
  private let program: any Executable
  private var points: [Tensor]
  private var speeds: [Tensor]
  private var count = 0
  private var last: [Tensor] = []

  init(_ site: LoopSite) throws(Fault) {
    self.site = site
    program = try site.compiler.compile(site.training.body, Demand())
    points = site.wrt.map(\.start)
    speeds = site.wrt.map { Tensor.zeros(.f32, shape: $0.start.shape) }
  }

  var columns: [String] { site.training.outputs + ["speed"] }

  var state: [(name: String, tensor: Tensor)] {
    let moving = points.indices.flatMap { [("point \($0)", points[$0]), ("speed \($0)", speeds[$0])] }
    return moving + [("count", Tensor(shape: [1], [Int64(count)]))]
  }

  func restore(_ state: [(name: String, tensor: Tensor)]) throws(Fault) {
    guard state.count == 2 * points.count + 1 else { throw .failed("a state of another session") }
    for index in points.indices {
      points[index] = state[2 * index].tensor
      speeds[index] = state[2 * index + 1].tensor
    }
    count = Int(state[2 * points.count].tensor.elements(Int64.self)[0])
  }

  func step(_ context: RunContext) throws(Fault) -> StepReport {
    let inputs = site.training.sources.map { source in
      switch source {
      case .wrt(let index): points[index]
      case .state, .stream: preconditionFailure("the toy carries nothing")
      case .fixed(let tensor): tensor
      }
    }
    last = program.run(inputs, context)
    let log = last.map { Double($0.elements(Float.self)[0]) }
    let rate = Float(site.attributes.number("lr"))
    for index in points.indices {
      let speed = zip(speeds[index].elements(Float.self), points[index].elements(Float.self)).map {
        0.9 * $0 - rate * $1
      }
      let point = zip(points[index].elements(Float.self), speed).map { $0 + $1 }
      speeds[index] = Tensor(shape: speeds[index].shape, speed)
      points[index] = Tensor(shape: points[index].shape, point)
    }
    count += 1
    let limit = site.attributes.int("stop")
    let loss = log[site.training.outputs.firstIndex(of: site.loss)!]
    return StepReport(
      loss: loss, log: log + [Double(speeds[0].elements(Float.self)[0])], score: loss,
      finished: limit > 0 && count >= limit ? "asked to" : nil)
  }

  func value(_ name: String) -> Value? {
    if let index = site.wrt.firstIndex(where: { $0.name == name }) { return .tensor(points[index]) }
    return site.training.outputs.firstIndex(of: name).map { .tensor(last[$0]) }
  }
}
