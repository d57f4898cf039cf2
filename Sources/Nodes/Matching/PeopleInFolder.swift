import Language

/// Photos with the names of those they show.
public enum PeopleInFolder {
  public static let op = Op(
    "file.people",
    doc: """
      The photos of people in a folder and whom they show: one folder per person, or photos side by side whose file names \
      are the persons', with or without a number behind an underscore (Ann_Lee_0002.jpg is Ann_Lee). Sorted bytewise; \
      hidden files are left out.
      """,
    inputs: [Port("folder", "folder")],
    outputs: [Port("files", "list<file>"), Port("names", "list<string>", .one, "one per file")],
    infer: { _ throws(Fault) in [.list(.file), .list(.string)] },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let folder = try call.path("folder")
        var found: [(path: String, name: String)] = []
        for entry in try FileContent.names(folder) {
          let path = "\(folder)/\(entry)"
          guard FileContent.isFolder(path) == true else {
            found.append((path, person(FileStem.stem(entry))))
            continue
          }
          for photo in try FileContent.names(path) where FileContent.isFolder("\(path)/\(photo)") == false {
            found.append(("\(path)/\(photo)", entry))
          }
        }
        guard !found.isEmpty else { throw .failed("there are no photos of people in \(folder)") }
        return [.list(found.map { .file($0.path) }), .list(found.map { .string($0.name) })]
      }))

  /// The stem without `_` and digits at its end.
  static func person(_ stem: String) -> String {
    guard let underscore = stem.lastIndex(of: "_"), underscore != stem.startIndex else { return stem }
    let rest = stem[stem.index(after: underscore)...]
    return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber } ? String(stem[..<underscore]) : stem
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(PeopleInFolder.op, $0) }
