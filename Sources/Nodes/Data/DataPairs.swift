import Language
import Tensors

/// Pictures and what a network should make of them.
public enum DataPairs {
  public static let op = Op(
    "data.pairs",
    doc: """
      Examples from two folders of pictures with equal names (whatever their endings): x is a stream of the inputs, y one \
      of the targets. Both pictures of a pair must have one size before they are brought to the param "size".
      """,
    inputs: [
      Port("inputs", "folder", .one, "pictures"), Port("targets", "folder", .one, "as many, of the same names"),
    ],
    outputs: [Port("x", "stream<tensor<f32>>", .one, "[C,H,W]"), Port("y", "stream<tensor<f32>>", .one, "[C,H,W]")],
    params: PictureExamples.params,
    infer: { facts throws(Fault) in
      let type = ValueType.stream(.tensor(PictureExamples.type(facts.attributes)))
      return [type, type]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let folders = [try call.path("inputs"), try call.path("targets")]
        var files: [[String: String]] = []
        for folder in folders {
          files.append(
            Dictionary(try DataFolder.pictures(in: folder).map { (FileStem.stem($0), $0) }) { first, _ in first })
        }
        for (own, other) in [(0, 1), (1, 0)] {
          if let lone = files[own].keys.filter({ files[other][$0] == nil }).min() {
            throw .lonePicture(files[own][lone]!, folders[other])
          }
        }
        let names = files[0].keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty else { throw .noExamples(folders[0]) }
        let sides = files.map { side in
          PictureExamples(names.map { side[$0]! }, call.attributes, skipsFaults: false)
        }
        for index in names.indices {
          let (x, y) = (try sides[0].storedSize(index), try sides[1].storedSize(index))
          guard x == y else { throw .pairSizes(sides[0].paths[index], x, sides[1].paths[index], y) }
        }
        let digest = try FileContent.digest(folders[0]).with("\(try FileContent.digest(folders[1]))")
          .with(call.attributes.canonical)
        return [
          .stream(.pictures(sides[0], call.attributes, digest: digest, part: "x", source: folders[0])),
          .stream(.pictures(sides[1], call.attributes, digest: digest, part: "y", source: folders[1])),
        ]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DataPairs.op, $0) }
