import Glibc
import Language

/// Wording of what can be wrong with the model index and with getting models.
extension Fault {
  static func badIndex(_ path: String, _ why: String) -> Fault { Fault("model-index", "\(path): \(why)") }

  static func indexField(_ path: String, _ model: String, _ field: String, _ why: String) -> Fault {
    Fault("model-index", "\(path): model \"\(model)\": \"\(field)\" \(why)")
  }

  static func noSuchModel(_ name: String, _ names: [String]) -> Fault {
    Fault(
      "unknown-model",
      "the model index has no \"\(name)\"\(Suggestion.phrase(for: name, in: names)); weft models list shows what it has"
    )
  }

  static func graphOfModelAbsent(_ name: String, _ graph: String) -> Fault {
    Fault("model-index", "the model \"\(name)\" is the graph \(graph), which is not there")
  }

  static func noCurl() -> Fault {
    Fault("download", "downloads need libcurl (Debian: apt install libcurl4), which is not installed")
  }

  static func refused(_ url: String, _ status: Int) -> Fault {
    let why = [403: "forbidden", 404: "there is no such file", 429: "too many requests"][status]
    return Fault("download", "\(url): the server answered \(status)\(why.map { " (\($0))" } ?? "")")
  }

  static func cutOff(_ url: String, _ count: Int, of total: Int) -> Fault {
    Fault(
      "download",
      "\(url): the connection ended after \(count)\(total > 0 ? " of \(total)" : "") bytes; the same command goes on from there"
    )
  }

  static func cannotKeep(_ path: String, _ number: Int32) -> Fault {
    Fault(
      "download",
      "cannot write \(path): \(String(cString: strerror(number))); what came so far is kept, the same command goes on "
        + "from there")
  }

  static func unreachable(_ url: String, _ why: String) -> Fault { Fault("download", "\(url): \(why)") }

  static func openDoor(_ name: String, _ url: String) -> Fault {
    Fault(
      "download",
      "the model \"\(name)\" has no SHA-256 in the index: it is only fetched over https, not from \(url)")
  }

  static func wrongHash(_ name: String, found: String, wanted: String) -> Fault {
    Fault(
      "download",
      "the download of \"\(name)\" is not what the index says: its SHA-256 is \(found), not \(wanted); it was removed")
  }

  static func wrongSize(_ name: String, found: Int, wanted: Int) -> Fault {
    Fault(
      "download",
      "the download of \"\(name)\" is not what the index says: it has \(found) bytes, not \(wanted); it was removed")
  }

  static func strangeMember(_ archive: String, _ name: String) -> Fault {
    Fault("model-file", "\(archive): the member \"\(name)\" would be written outside of the model's folder")
  }
}
