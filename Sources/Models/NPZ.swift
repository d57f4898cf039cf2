import Language
import Tensors

/// A NumPy .npz archive: a zip of .npy members, stored or deflated; a member `x.npy` is the tensor `x`.
///
/// Opening reads the header of every member. Stored members are mapped, deflated ones inflated on loading.
public struct NPZ: TensorSource {
  public let headers: [TensorHeader]
  private let archive: ZipArchive
  private let members: [String: ZipArchive.Member]
  private let buffer: Buffer
  private let file: String

  public init(_ path: String) throws(Fault) { try self.init(MappedFile.open(path), name: path) }

  /// Over the bytes of a file; `name` is for messages.
  public init(_ buffer: Buffer, name file: String) throws(Fault) {
    self.buffer = buffer
    self.file = file
    archive = try ZipArchive(buffer, file)
    var headers: [TensorHeader] = []
    var members: [String: ZipArchive.Member] = [:]
    for member in archive.members {
      guard member.name.hasSuffix(".npy") else {
        throw .unsupported(file, "\"\(member.name)\" is not an .npy array")
      }
      let name = String(member.name.dropLast(4))
      // Most headers are short; a long one is worth a second look.
      var prefix = try archive.contents(member, limit: 1024)
      if let whole = NPZ.headerLength(prefix), whole > prefix.byteCount {
        prefix = try archive.contents(member, limit: whole)
      }
      // The bytes are not to be freed before they are read.
      defer { withExtendedLifetime(prefix) {} }
      let header = try NPYHeader(
        UnsafeRawBufferPointer(start: prefix.bytes, count: prefix.byteCount), "\(file) (\(member.name))")
      headers.append(TensorHeader(name: name, dtype: header.dtype, shape: header.shape))
      members[name] = member
    }
    (self.headers, self.members) = (headers, members)
  }

  /// The length of a member's header, as far as its beginning tells; nil if it is out of bounds.
  private static func headerLength(_ prefix: Buffer) -> Int? {
    guard prefix.byteCount >= 12 else { return nil }
    let bytes = UnsafeRawBufferPointer(start: prefix.bytes, count: prefix.byteCount)
    let length =
      bytes[6] == 1
      ? 10 + Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : 12 + Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    return length <= NPYHeader.maximum ? length : nil
  }

  public func load(_ header: TensorHeader) throws(Fault) -> Tensor {
    guard let member = members[header.name] else { throw .unknownTensor(header.name, file, headers.map(\.name)) }
    let place = "\(file) (\(member.name))"
    if let range = archive.range(member) { return try NPY.decode(buffer, range, place) }
    let contents = try archive.contents(member)
    return try NPY.decode(contents, 0..<contents.byteCount, place)
  }
}
