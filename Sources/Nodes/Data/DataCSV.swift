import Language
import Tensors

/// Pictures listed in a text file.
public enum DataCSV {
  public static let op = Op(
    "data.csv",
    doc: """
      Examples from a list: each line is a path, relative to the list, and a class number or name, separated by a comma. \
      A first line whose file does not exist is taken for a header. classes are the names, or the numbers as text, sorted.
      """,
    inputs: [Port("file", "file", .one, "the list")], outputs: DataFolder.op.outputs, params: PictureExamples.params,
    infer: { facts throws(Fault) in
      [.stream(.tensor(PictureExamples.type(facts.attributes))), .stream(.tensor(DataStream.label)), .list(.string)]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let path = try call.path("file")
        let (paths, names) = try rows(path)
        guard !paths.isEmpty else { throw .noExamples(path) }
        let areNumbers = names.allSatisfy { Int($0).map { $0 >= 0 } ?? false }
        let classes =
          areNumbers
          ? (0...(names.compactMap { Int($0) }.max() ?? 0)).map(String.init) : Set(names).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let examples = PictureExamples([paths], call.attributes, skip: call.skip)
        var digest = try FileContent.digest(path).with(call.attributes.canonical)
        for file in paths { digest = digest.with("\(try FileContent.digest(file))") }
        return [
          .stream(.pictures(examples, call.attributes, digest: digest, part: "x", source: path)),
          .stream(.labels(names.map { numbers[$0]! }, of: examples, digest: digest, source: path)),
          .list(classes.map { .string($0) }),
        ]
      }))

  /// Paths and labels of every line that is not empty.
  private static func rows(_ path: String) throws(Fault) -> (paths: [String], labels: [String]) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let text = String(decoding: try FileContent.bytes(path), as: UTF8.self)
    var (paths, labels): ([String], [String]) = ([], [])
    for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
      guard cells.count == 2, !cells[0].isEmpty, !cells[1].isEmpty else {
        throw .badRows(path, "line \(index + 1) is not a path, a comma and a label: \"\(line)\"")
      }
      let file = cells[0].hasPrefix("/") ? cells[0] : folder + cells[0]
      guard FileContent.isFolder(file) == false else {
        if index == 0 { continue }
        throw .badRows(path, "line \(index + 1): there is no file \(file)")
      }
      paths.append(file)
      labels.append(cells[1])
    }
    return (paths, labels)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DataCSV.op, $0) }
