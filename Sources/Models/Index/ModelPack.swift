import Glibc
import Language
import Tensors

/// Packs: zip archives of models.
enum ModelPack {
  /// Writes the members of a zip into `folder`, without the folder that all of them may lie in, and marks it complete.
  ///
  /// - Throws: when the archive is damaged, or a member would lie elsewhere.
  static func unpack(_ archive: String, into folder: String) throws(Fault) {
    let zip = try ZipArchive(MappedFile.open(archive), archive)
    let files = zip.members.filter { !$0.name.hasSuffix("/") }
    let tops = Set(files.map { $0.name.split(separator: "/").first ?? "" })
    let isNested = tops.count == 1 && files.allSatisfy { $0.name.contains("/") }
    for member in files {
      let parts = member.name.split(separator: "/", omittingEmptySubsequences: false).dropFirst(isNested ? 1 : 0)
      guard !parts.isEmpty, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }), !member.name.contains("\\")
      else { throw .strangeMember(archive, member.name) }
      let path = "\(folder)/\(parts.joined(separator: "/"))"
      if parts.count > 1 { try ModelFolder.make("\(folder)/\(parts.dropLast().joined(separator: "/"))") }
      let contents = try zip.contents(member)
      try MappedFile.replace(
        path, with: [UnsafeRawBufferPointer(start: contents.bytes, count: contents.byteCount)])
      withExtendedLifetime(contents) {}
    }
    try MappedFile.replace("\(folder)/\(ModelFolder.completeMark)", with: [])
  }
}
