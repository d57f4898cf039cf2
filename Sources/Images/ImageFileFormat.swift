/// The kinds of picture file that are read and written.
public enum ImageFileFormat: String, Sendable, Hashable, CaseIterable {
  case jpeg, png

  /// As people write it.
  public var title: String { self == .jpeg ? "JPEG" : "PNG" }

  /// Recognises a file by its first bytes (never by its name).
  public init?(signature bytes: some Collection<UInt8>) {
    if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else {
      return nil
    }
  }

  /// The format to write under a file name: by its extension, in any case.
  public init?(extensionOf path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "jpg", "jpeg": self = .jpeg
    case "png": self = .png
    default: return nil
    }
  }
}
