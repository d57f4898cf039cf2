import Glibc
import Language
import Synchronization
import Tensors

/// An open ONNX file. Its structure is read and checked; numbers stay in the mapped file until they are asked for.
public final class OnnxFile: Sendable {
  public let path: String
  let model: ModelProto
  let graph: GraphProto
  private let buffer: Buffer
  /// Files beside this one that hold numbers, mapped once.
  private let others = Mutex<[String: Buffer]>([:])
  /// Numbers that had to be moved or widened, by where they lie in the file.
  private let loaded = Mutex<[Int: Tensor]>([:])
  private let foldings = Mutex<[BatchNormFolding: FoldedWeights]>([:])

  struct FoldedWeights: Sendable {
    let weight: Tensor
    let bias: Tensor
  }

  /// - Throws: when the file cannot be read, or is no ONNX model.
  public convenience init(_ path: String) throws(Fault) { try self.init(MappedFile.open(path), path: path) }

  /// Over the bytes of a file; `path` is for messages and for the files beside it.
  public init(_ buffer: Buffer, path: String) throws(Fault) {
    self.path = path
    self.buffer = buffer
    do throws(WireFailure) {
      model = try WireContext(buffer: buffer).message(ModelProto.self, 0..<buffer.byteCount)
    } catch { throw .malformed(path, "ONNX", "\(error.why) at byte \(error.offset)") }
    guard let graph = model.graph else { throw .malformed(path, "ONNX", "it holds no graph") }
    guard !model.opsets.isEmpty else { throw .malformed(path, "ONNX", "it names no operator set") }
    self.graph = graph
  }

  /// The weights of a convolution with what follows it folded in; computed once.
  public func folded(_ folding: BatchNormFolding) throws(Fault) -> (weight: Tensor, bias: Tensor) {
    if let known = foldings.withLock({ $0[folding] }) { return (known.weight, known.bias) }
    let result = try folding.fold { name throws(Fault) in try load(name, of: path) }
    foldings.withLock { $0[folding] = FoldedWeights(weight: result.weight, bias: result.bias) }
    return result
  }

  private struct Stamp: Equatable {
    let device: UInt
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  private static let opened = Mutex<[(path: String, stamp: Stamp, file: OnnxFile)]>([])
  /// Files kept open: a graph of some networks, run for many pictures.
  private static let keptOpen = 8

  /// The file at `path`, opened again only when it changed.
  public static func open(_ path: String) throws(Fault) -> OnnxFile {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .cannotOpen(path, errno) }
    let stamp = Stamp(
      device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    if let known = opened.withLock({ $0.first { $0.path == path && $0.stamp == stamp }?.file }) { return known }
    let file = try OnnxFile(path)
    opened.withLock { files in
      files.removeAll { $0.path == path }
      files.append((path, stamp, file))
      if files.count > keptOpen { files.removeFirst() }
    }
    return file
  }

  /// Type and extents of a tensor, checked against the bytes that are there.
  func header(_ proto: TensorProto) throws(Fault) -> TensorHeader {
    guard let dtype = DType(onnx: proto.elementType) else {
      throw .unsupported(
        path, "\(title(proto)) is of type \(DType.onnxName(proto.elementType)), which is not supported")
    }
    if proto.isSegment { throw .unsupported(path, "\(title(proto)) is stored in segments, which is not supported") }
    let header = TensorHeader(name: proto.name, dtype: dtype, shape: proto.extents)
    guard proto.extents.allSatisfy({ $0 >= 0 }), header.byteCount != nil else {
      throw .malformed(path, "ONNX", "\(title(proto)) has the extents \(proto.extents)")
    }
    return header
  }

  /// The numbers of a tensor of this file.
  func tensor(_ proto: TensorProto) throws(Fault) -> Tensor {
    let header = try header(proto)
    if proto.isExternal { return try externalTensor(proto, header) }
    guard let raw = proto.raw else { return try TensorNumbers(proto, buffer).tensor(header, self) }
    guard raw.count == header.byteCount else { throw wrongSize(header, raw.count) }
    if let known = loaded.withLock({ $0[raw.lowerBound] }), known.dtype == header.dtype, known.shape == header.shape {
      return known
    }
    let tensor = try Tensor.over(buffer, raw.lowerBound, header, path)
    if tensor.buffer !== buffer { loaded.withLock { $0[raw.lowerBound] = tensor } }
    return tensor
  }

  private func externalTensor(_ proto: TensorProto, _ header: TensorHeader) throws(Fault) -> Tensor {
    guard let location = proto.external["location"], !location.isEmpty else {
      throw .malformed(path, "ONNX", "\(title(proto)) lies in another file, but it does not say in which")
    }
    // A model must not read what is not its own.
    guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
      throw .unsupported(path, "\(title(proto)) lies in \"\(location)\", which is outside of the model's folder")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var buffer = others.withLock { $0[location] }
    if buffer == nil {
      let opened = try MappedFile.open(folder + location)
      others.withLock { $0[location] = opened }
      buffer = opened
    }
    let offset = try number(proto, "offset") ?? 0
    let size = header.byteCount!
    let length = try number(proto, "length") ?? size
    guard length == size else { throw wrongSize(header, length) }
    guard offset <= buffer!.byteCount, size <= buffer!.byteCount - offset else {
      throw .malformed(
        path, "ONNX",
        "\(title(proto)) lies at \(offset)..<\(offset + size) of \(location), which has "
          + "\(buffer!.byteCount) bytes")
    }
    return try Tensor.over(buffer!, offset, header, folder + location)
  }

  private func number(_ proto: TensorProto, _ key: String) throws(Fault) -> Int? {
    guard let text = proto.external[key] else { return nil }
    guard let value = Int(text), (0..<1 << 56).contains(value) else {
      throw .malformed(path, "ONNX", "\(title(proto)) has the \(key) \"\(text)\"")
    }
    return value
  }

  func title(_ proto: TensorProto) -> String { proto.name.isEmpty ? "a tensor" : "tensor \"\(proto.name)\"" }

  func wrongSize(_ header: TensorHeader, _ count: Int) -> Fault {
    .malformed(
      path, "ONNX",
      "tensor \"\(header.name)\" is \(header.dtype.rawValue)\(header.shape), \(header.byteCount!) bytes, but has "
        + "\(count)")
  }
}

/// The initialisers of a model's own graph, as a source of weights.
extension OnnxFile: TensorSource {
  public var headers: [TensorHeader] {
    var seen = Set<String>()
    return graph.initializers.compactMap { proto in
      seen.insert(proto.name).inserted ? try? header(proto) : nil
    }
  }

  public func load(_ header: TensorHeader) throws(Fault) -> Tensor {
    guard let proto = graph.initializers.first(where: { $0.name == header.name }) else {
      throw .unknownTensor(header.name, path, graph.initializers.map(\.name))
    }
    return try tensor(proto)
  }
}
