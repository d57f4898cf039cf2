import Language
import Tensors

/// Pictures in one sub-folder per class.
public enum DataFolder {
  public static let op = Op(
    "data.folder",
    doc: """
      Examples from a folder with one sub-folder of JPEG and PNG files per class, as torchvision's ImageFolder has it: x \
      is a stream of pictures, label one of class numbers, classes the names of the sub-folders, sorted bytewise. With \
      "on_error": "skip" a picture that cannot be read is replaced by the next one, and named.
      """,
    inputs: [Port("folder", "folder", .one, "holds a folder per class")],
    outputs: [
      Port("x", "stream<tensor<f32>>", .one, "pictures [C,H,W]"),
      Port("label", "stream<tensor<f32>[]>", .one, "class numbers from 0"), Port("classes", "list<string>"),
    ],
    params: PictureExamples.params + [
      Param("at_least", .int(.positive), default: .int(1), "classes of fewer pictures are left out"),
      Param("at_most", .int(.positive), default: .null, "pictures taken of each class, the first ones; null: all"),
    ],
    infer: { facts throws(Fault) in
      [
        .stream(.tensor(PictureExamples.type(facts.attributes))), .stream(.tensor(DataStream.label)), .list(.string),
      ]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let folder = try call.path("folder")
        var (paths, labels, classes): ([String], [Int], [String]) = ([], [], [])
        let limit = call.attributes.has("at_most") ? call.attributes.int("at_most") : .max
        for name in try FileContent.names(folder) where FileContent.isFolder("\(folder)/\(name)") == true {
          let files = try pictures(in: "\(folder)/\(name)")
          guard !files.isEmpty else { throw .emptyClass("\(folder)/\(name)") }
          guard files.count >= call.attributes.int("at_least") else { continue }
          paths += files.prefix(limit)
          labels += Array(repeating: classes.count, count: min(limit, files.count))
          classes.append(name)
        }
        guard !paths.isEmpty else { throw .noExamples(folder) }
        let examples = PictureExamples([paths], call.attributes, skip: call.skip)
        let digest = try FileContent.digest(folder).with(call.attributes.canonical)
        return [
          .stream(.pictures(examples, call.attributes, digest: digest, part: "x", source: folder)),
          .stream(.labels(labels, of: examples, digest: digest, source: folder)),
          .list(classes.map { .string($0) }),
        ]
      }))

  /// Picture files directly in a folder, by their endings, sorted bytewise.
  static func pictures(in folder: String) throws(Fault) -> [String] {
    try FileContent.names(folder).filter { name in
      [".jpg", ".jpeg", ".png"].contains { name.lowercased().hasSuffix($0) }
    }.map { "\(folder)/\($0)" }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DataFolder.op, $0) }
