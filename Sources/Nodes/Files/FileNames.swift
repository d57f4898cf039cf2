import Language

/// The name of a file.
public enum FileStem {
  public static let op = Op(
    "file.stem", doc: "The last part of a path without its extension.", inputs: [Port("file", "file")],
    outputs: [Port("stem", "string")], infer: { _ throws(Fault) in [.string] },
    action: .host(
      Host(isCheap: true, readsNames: true) { call throws(Fault) in [.string(stem(try call.path("file")))] }))

  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
    return String(name[..<dot])
  }
}

/// The files in a folder.
public enum FileList {
  public static let op = Op(
    "file.list",
    doc:
      "The files directly in a folder whose names match a pattern (*, ?, [a-z]), sorted bytewise; hidden ones are left out.",
    inputs: [Port("folder", "folder")], outputs: [Port("files", "list<file>")],
    params: [Param("pattern", .string, default: .string("*"), "which names")],
    infer: { _ throws(Fault) in [.list(.file)] },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let (folder, pattern) = (try call.path("folder"), call.attributes.string("pattern"))
        let paths = try FileContent.names(folder).filter { Glob.matches($0, pattern) }.map { "\(folder)/\($0)" }
        return [.list(paths.filter { FileContent.isFolder($0) == false }.map { .file($0) })]
      }))
}

@used @section("weft_ops") private let stemEntry: OpEntry = { Registry.collect(FileStem.op, $0) }
@used @section("weft_ops") private let listEntry: OpEntry = { Registry.collect(FileList.op, $0) }
