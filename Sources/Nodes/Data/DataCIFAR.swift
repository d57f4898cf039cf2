import Language
import Tensors

/// The CIFAR data sets (Krizhevsky 2009) as their binary version stores them.
public enum DataCIFAR {
  public static let op = Op(
    "data.cifar",
    doc: """
      Examples of CIFAR-10 or CIFAR-100 from the folder of the binary version: x is a stream of pictures [3,32,32], label \
      one of class numbers, classes the names where the folder has them. The Python version is a pickle, which is never \
      loaded here; Tools/cifar-to-binary turns it into the binary one.
      """,
    inputs: [Port("folder", "folder", .one, "cifar-10-batches-bin or cifar-100-binary")],
    outputs: DataFolder.op.outputs,
    params: [
      Param("split", .choice(["train", "test"]), default: .string("train"), "which part"),
      Param("labels", .choice(["fine", "coarse"]), default: .string("fine"), "of CIFAR-100: 100 classes, or 20"),
      Param("range", .choice(["0..1", "0..255"]), default: .string("0..1"), "values of x"),
    ],
    infer: { facts throws(Fault) in
      [.stream(.tensor(type(facts.attributes))), .stream(.tensor(DataStream.label)), .list(.string)]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let folder = try call.path("folder")
        let part = try Part(folder, isTrain: call.attributes.string("split") == "train")
        let position = part.head == 2 && call.attributes.string("labels") == "fine" ? 1 : 0
        let rows = part.rows
        let labels = (0..<part.count).map { Int(rows[$0 * part.width + position]) }
        let scale: Float = call.attributes.string("range") == "0..1" ? 1 / 255 : 1
        let digest = try FileContent.digest(folder).with(call.attributes.canonical)
        let (width, head) = (part.width, part.head)
        let x = DataStream(type: type(call.attributes), count: part.count, digest: digest.with("x"), source: folder) {
          index, _ throws(Fault) in
          Tensor(Float.self, shape: [3, 32, 32]) { memory in
            let start = index * width + head
            for place in memory.indices { memory[place] = Float(rows[start + place]) * scale }
          }
        }
        return [
          .stream(x), .stream(.labels(labels, of: nil, digest: digest, source: folder)),
          .list(try part.names(fine: position == 1).map { .string($0) }),
        ]
      }))

  private static func type(_ attributes: Attributes) -> TensorType {
    TensorType(
      dtype: .f32, shape: [3, 32, 32],
      meaning: Meaning(colour: "rgb", layout: "CHW", range: attributes.string("range")))
  }

  /// The rows of one part: `head` label bytes, then 3072 bytes of planes.
  private struct Part {
    let folder: String
    let head: Int
    let rows: [UInt8]

    var width: Int { head + 3072 }
    var count: Int { rows.count / width }

    init(_ folder: String, isTrain: Bool) throws(Fault) {
      self.folder = folder
      let names = try FileContent.names(folder)
      let files: [String]
      if names.contains("train.bin") || names.contains("test.bin") {
        head = 2
        files = [isTrain ? "train.bin" : "test.bin"]
      } else {
        head = 1
        files = isTrain ? names.filter { $0.hasPrefix("data_batch_") && $0.hasSuffix(".bin") } : ["test_batch.bin"]
      }
      if files.isEmpty, names.contains("data_batch_1") {
        throw .badRows(folder, "this is the Python version, a pickle; Tools/cifar-to-binary converts it")
      }
      var rows: [UInt8] = []
      for name in files {
        let bytes = try FileContent.bytes("\(folder)/\(name)")
        guard !bytes.isEmpty, bytes.count % (head + 3072) == 0 else {
          throw .badRows("\(folder)/\(name)", "\(bytes.count) bytes are no whole number of rows of \(head + 3072)")
        }
        rows += bytes
      }
      guard !rows.isEmpty else { throw .noExamples(folder) }
      self.rows = rows
    }

    /// Class names, from the text file beside the data.
    func names(fine: Bool) throws(Fault) -> [String] {
      let file = head == 1 ? "batches.meta.txt" : fine ? "fine_label_names.txt" : "coarse_label_names.txt"
      guard FileContent.isFolder("\(folder)/\(file)") == false else { return [] }
      return String(decoding: try FileContent.bytes("\(folder)/\(file)"), as: UTF8.self)
        .split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DataCIFAR.op, $0) }
