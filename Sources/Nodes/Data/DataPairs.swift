import Language
import Tensors

/// Pictures and what a network should make of them.
public enum DataPairs {
  public static let op = Op(
    "data.pairs",
    doc: """
      Examples from two folders of pictures with equal names (whatever their endings): x is a stream of the inputs, y one \
      of the targets. Both pictures of a pair must have one size before they are brought to the param "size". With \
      "on_error": "skip" pairs of unequal sizes or with a broken header are left out, a pair that proves broken later \
      is replaced by the next one; each is named.
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
        var paths: [[String]] = [[], []]
        for name in names {
          let pair = files.map { $0[name]! }
          do throws(Fault) {
            let (x, y) = (try PictureExamples.storedSize(pair[0]), try PictureExamples.storedSize(pair[1]))
            guard x == y else { throw .pairSizes(pair[0], x, pair[1], y) }
            for side in 0..<2 { paths[side].append(pair[side]) }
          } catch {
            guard let skip = call.skip else { throw error }
            skip(error)
          }
        }
        guard !paths[0].isEmpty else { throw .noExamples(folders[0]) }
        let examples = PictureExamples(paths, call.attributes, skip: call.skip)
        let digest = try FileContent.digest(folders[0]).with("\(try FileContent.digest(folders[1]))")
          .with(call.attributes.canonical)
        return [
          .stream(.pictures(examples, call.attributes, digest: digest, part: "x", source: folders[0])),
          .stream(.pictures(examples, side: 1, call.attributes, digest: digest, part: "y", source: folders[1])),
        ]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DataPairs.op, $0) }
