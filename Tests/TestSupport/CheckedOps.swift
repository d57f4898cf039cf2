import Language

/// Ops that are only checked, never run: enough kinds of ports, params and bodies to try every rule of the checker.
public enum CheckedOps {
  public static let registry = Registry([
    load, tensor, boxes, crop, conv, relu, gram, mse, sum, floor, noise, pair, scale, weightsLoad, weightsTensor,
    weightsInitialize, branch, loop, minimize,
  ])

  static let nowhere = Action.host(Host { _ throws(Fault) in throw .failed("this op is only checked") })
  static let numeric = Numeric(
    gradient: Numeric.constantGradient, select: { _ throws(Fault) in [Choice("none") { _ in }] })

  /// A picture of the size that the file's header says.
  static let load = Op(
    "t.load", doc: "Reads a picture.", inputs: [Port("file", "file")], outputs: [Port("image", "image")],
    params: [Param("as", .choice(["rgb8", "grey8"]), default: .string("rgb8"), "pixel format")],
    infer: { facts throws(Fault) in
      if case .file(let path)? = facts.value("file"), let type = facts.probe?.image(path) { return [.image(type)] }
      return [try ValueType(parsing: "image<\(facts.attributes.string("as"))>[H,W]")]
    }, action: nowhere)

  static let tensor = Op(
    "t.tensor", doc: "A tensor of a picture.", inputs: [Port("image", "image<rgb8>[H,W]")],
    outputs: [Port("x", "tensor<f32>")], params: [Param("range", .string, default: .string("0..1"), "value range")],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let meaning = Meaning(colour: "rgb", range: facts.attributes.string("range"))
      return [.f32([1, 3, image.height, image.width], meaning)]
    }, action: nowhere)

  static let boxes = Op(
    "t.boxes", doc: "A list of unknown length.", inputs: [Port("image", "image")],
    outputs: [Port("boxes", "list<box>"), Port("scores", "list<number>")],
    infer: { _ throws(Fault) in [.list(.named("box")), .list(.number)] }, action: nowhere)

  static let crop = Op(
    "t.crop", doc: "Cuts out a box.", inputs: [Port("image", "image"), Port("box", "box")],
    outputs: [Port("image", "image")],
    infer: { facts throws(Fault) in
      [.image(ImageType(format: facts.image("image").format, height: .symbol("?h"), width: .symbol("?w")))]
    }, action: nowhere)

  /// 3 × 3, the size kept at stride 1.
  static let conv = Op(
    "t.conv", doc: "A convolution with parameters of its own.",
    inputs: [
      Port("x", "tensor<f32>[N,C,H,W]"), Port("weight", "tensor<f32>[K,C,3,3]", .parameter(.heNormal)),
      Port("bias", "tensor<f32>[K]", .parameter(.constant(0))),
    ], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("channels", .int(.positive), "results"), Param("stride", .int(1...4), default: .int(1), "step"),
      Param("bias", .bool, default: .bool(true), "adds a number per channel"),
    ],
    parameters: { facts throws(Fault) in
      let channels = Dim(facts.attributes.int("channels"))
      let shape = facts.tensor("x").shape
      return [
        .f32(shape.map { [channels, $0[1], 3, 3] }), facts.attributes.bool("bias") ? .f32([channels]) : .any,
      ]
    },
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("x").shape else { return [.f32(nil)] }
      let stride = facts.attributes.int("stride")
      let channels = Dim(facts.attributes.int("channels"))
      return [.f32([shape[0], channels, shape[2].dividedUp(by: stride), shape[3].dividedUp(by: stride)])]
    }, action: .numeric(numeric))

  static let relu = Op(
    "t.relu", doc: "max(x, 0).", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    infer: { facts throws(Fault) in [facts.type("x")] }, action: .numeric(numeric))

  static let gram = Op(
    "t.gram", doc: "Gram matrix.", inputs: [Port("x", "tensor<f32>[1,C,H,W]")], outputs: [Port("y", "tensor<f32>")],
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape.map { [$0[1], $0[1]] })] }, action: .numeric(numeric))

  static let mse = Op(
    "t.mse", doc: "Mean squared difference.", inputs: [Port("a", "tensor<f32>"), Port("b", "tensor<f32>")],
    outputs: [Port("loss", "tensor<f32>[]")],
    infer: { facts throws(Fault) in
      if let a = facts.tensor("a").shape, let b = facts.tensor("b").shape {
        guard a.count == b.count else { throw .shape("ports a and b differ in rank: \(a.count) and \(b.count)") }
        for (index, (x, y)) in zip(a, b).enumerated() where x.compare(y) == .different {
          throw .shape("ports a and b differ in dimension \(index): \(x) and \(y)")
        }
      }
      return [.f32([])]
    }, action: .numeric(numeric))

  static let sum = Op(
    "t.sum", doc: "Sum of numbers.", inputs: [Port("x", "tensor<f32>[]", .variadic)],
    outputs: [Port("y", "tensor<f32>[]")],
    params: [Param("weights", .numbers(.all, counts: []), default: .null, "factors")],
    infer: { facts throws(Fault) in
      if facts.attributes.has("weights"), facts.attributes.numbers("weights").count != facts.types("x").count {
        throw .params("param \"weights\" takes a number per value, \(facts.types("x").count)")
      }
      return [.f32([])]
    }, action: .numeric(numeric))

  static let floor = Op(
    "t.floor", doc: "Has no gradient.", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(Numeric(select: { _ throws(Fault) in [Choice("none") { _ in }] })))

  static let noise = Op(
    "t.noise", doc: "Random numbers.", inputs: [], outputs: [Port("y", "tensor<f32>[4]")], isRandom: true,
    infer: { _ throws(Fault) in [.f32([4])] }, action: nowhere)

  static let pair = Op(
    "t.pair", doc: "Two outputs.", inputs: [Port("x", "any")],
    outputs: [Port("left", "any"), Port("right", "tensor<f32>")],
    infer: { facts throws(Fault) in [facts.type("x"), .f32(nil)] }, action: nowhere)

  static let scale = Op(
    "t.scale", doc: "With an input that may be left out.",
    inputs: [Port("x", "tensor<f32>"), Port("mask", "tensor<f32>", .optional)], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("by", .number(0...10), default: .float(1), "factor"), Param("note", .string, default: .null, "free text"),
    ],
    infer: { facts throws(Fault) in [facts.isConnected("mask") ? .f32([7]) : facts.type("x")] },
    action: .numeric(numeric))

  static let weightsLoad = Op(
    "weights.load", doc: "", inputs: [Port("file", "file")], outputs: [Port("weights", "weights")],
    params: [
      Param("rename", .any, default: .null, ""), Param("layout", .choice(["OIHW", "HWIO"]), default: .null, ""),
    ], infer: { _ throws(Fault) in [.weights] }, action: nowhere)

  static let weightsTensor = Op(
    "weights.tensor", doc: "", inputs: [Port("weights", "weights")], outputs: [Port("tensor", "tensor<f32>")],
    params: [
      Param("name", .string, ""), Param("shape", .any, default: .null, ""), Param("initial", .any, default: .null, ""),
    ],
    infer: { _ throws(Fault) in [.f32(nil)] }, action: nowhere)

  static let weightsInitialize = Op(
    "weights.initialize", doc: "", inputs: [], outputs: [Port("tensor", "tensor<f32>")],
    params: [
      Param("name", .string, ""), Param("shape", .ints(.natural, counts: []), ""), Param("method", .string, ""),
      Param("value", .number(.all), default: .float(0), ""),
    ], isRandom: true, infer: { _ throws(Fault) in [.f32(nil)] }, action: nowhere)

  static let branch = Op(
    "core.if", doc: "One of two graphs.", inputs: [Port("condition", "bool", .optional)], outputs: [],
    params: [Param("condition", .bool, default: .null, "")], structure: ["then", "else"],
    infer: { _ throws(Fault) in [] }, action: .control(.if))

  static let loop = Op(
    "core.loop", doc: "Repeats a graph.", inputs: [], outputs: [],
    structure: ["body", "state", "until", "keep", "checkpoint", "save_every"], infer: { _ throws(Fault) in [] },
    action: .control(.loop))

  static let minimize = Op(
    "optim.minimize", doc: "Minimises a graph's output.", inputs: [], outputs: [],
    params: [
      Param("method", .choice(["adam", "lbfgs"]), default: .string("adam"), ""),
      Param("lr", .number(.natural), default: .float(1), ""),
    ], structure: ["body", "loss", "wrt", "state", "until", "keep", "checkpoint", "save_every"],
    dynamicOutputs: { _ throws(Fault) in [Port("log", type: .table)] }, infer: { _ throws(Fault) in [] },
    action: .loop(Never()))

  private struct Never: LoopOp {
    func open(_ site: LoopSite) throws(Fault) -> any LoopSession { throw .failed("this op is only checked") }
  }
}
