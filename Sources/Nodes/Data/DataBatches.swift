import Language
import Tensors

/// Batches of examples without end.
public enum DataBatches {
  public static let op = Op(
    "data.batches",
    doc: """
      Puts examples together: x [B,…] and, where connected, y [B,…], batch after batch and pass after pass, each pass in \
      an order drawn from the run's seed. The last batch of a pass is filled up from its beginning, or dropped. A batch \
      is a function of data, seed and step alone, so a training resumes at the exact batch. With "identities" and \
      "per_identity" every batch holds that many pictures of each of that many labels (P × K sampling; Hermans et al. \
      2017); labels with a single example are left out.
      """,
    inputs: [
      Port("x", "stream<tensor<f32>>", .one, "examples"),
      Port("y", "stream<tensor<f32>>", .optional, "labels or targets, one per example"),
    ],
    outputs: [Port("x", "stream<tensor<f32>>"), Port("y", "stream<tensor<f32>>", .one, "empty when unconnected")],
    params: [
      Param("size", .int(.positive), default: .null, "examples in a batch"),
      Param("shuffle", .bool, default: .bool(true), "false: the order of the data, as a validation needs it"),
      Param(
        "last", .choice(["fill", "drop"]), default: .string("fill"), "the last batch where the size does not divide"),
      Param("start", .int(.natural), default: .int(0), "first example used"),
      Param("count", .int(.positive), default: .null, "examples used; null: all that follow"),
      Param("identities", .int(.positive), default: .null, "labels in a batch"),
      Param("per_identity", .int(2...Int.max), default: .null, "examples of each label in a batch"),
    ],
    infer: { facts throws(Fault) in
      let size = try size(facts.attributes)
      if facts.attributes.has("identities"), !facts.isConnected("y") { throw .samplerNeedsLabels() }
      return ["x", "y"].map { port in
        guard case .stream(.tensor(let type)) = facts.type(port) else { return .stream(.f32(nil)) }
        return .stream(.tensor(batched(type, size)))
      }
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let x = try stream(call, "x")
        let y = call.value("y") == nil ? nil : try stream(call, "y")
        if let y, y.count != x.count { throw .unequalStreams(x.count, y.count) }
        let order = try BatchOrder(call.attributes, x, labels: y, size: try size(call.attributes))
        let (attributes, size) = (call.attributes.canonical, order.size)
        func batches(_ stream: DataStream) -> DataStream {
          DataStream(
            type: batched(stream.type, size), count: order.batches, examples: size,
            digest: stream.digest.with(attributes).with(y.map { "\($0.digest)" } ?? ""), source: stream.source
          ) { position, seed throws(Fault) in
            try stacked(stream, try order.examples(of: position, seed: seed), seed: seed)
          }
        }
        return [.stream(batches(x)), y.map { .stream(batches($0)) } ?? .none]
      }))

  private static func stream(_ call: HostCall, _ port: String) throws(Fault) -> DataStream {
    guard case .stream(let stream)? = call.value(port) else { throw .notAStream(port) }
    return stream
  }

  private static func size(_ attributes: Attributes) throws(Fault) -> Int {
    guard attributes.has("identities") == attributes.has("per_identity") else { throw .samplerNeedsLabels() }
    if attributes.has("identities") { return attributes.int("identities") * attributes.int("per_identity") }
    guard attributes.has("size") else { throw .params("data.batches needs the param \"size\"") }
    return attributes.int("size")
  }

  private static func batched(_ type: TensorType, _ size: Int) -> TensorType {
    let layout = type.meaning.layout.map { "N" + $0 }
    return TensorType(
      dtype: .f32, shape: type.shape.map { [Dim(size)] + $0 },
      meaning: Meaning(colour: type.meaning.colour, layout: layout, range: type.meaning.range))
  }

  private static func stacked(_ stream: DataStream, _ indices: [Int], seed: UInt64) throws(Fault) -> Tensor {
    var elements: [Tensor] = []
    for index in indices { elements.append(try stream.checked(index, seed: seed)) }
    let each = elements[0].count
    return Tensor(Float.self, shape: [indices.count] + elements[0].shape) { memory in
      for (position, element) in elements.enumerated() {
        element.withElements(Float.self) { source in
          guard let from = source.baseAddress else { return }
          (memory.baseAddress! + position * each).initialize(from: from, count: each)
        }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DataBatches.op, $0) }
