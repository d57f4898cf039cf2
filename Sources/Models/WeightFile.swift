import Glibc
import Language
import Tensors

/// Weights from a file, under a network's names and in its layout: .safetensors, .npz, one .npy (named by its stem), a
/// folder of .npy files, or the initialisers of an .onnx file.
///
/// Opening reads headers only. Loading applies, per tensor, the layout and the widening of f16, bf16 and f64 to f32 (other
/// element types stay); a tensor that needs neither stays mapped.
public struct WeightFile: Sendable {
  /// As loaded: renamed, in our layout, floating-point types as f32; sorted by name.
  public let headers: [TensorHeader]
  public let path: String
  private let source: any TensorSource
  private let stored: [String: TensorHeader]
  private let layout: WeightLayout
  private let rename: Rename
  private let widens: Bool

  /// - Parameter widens: whether floating-point types become f32.
  public init(
    _ path: String, rename: Rename = .none, layout: WeightLayout = .oihw, widens: Bool = true
  ) throws(Fault) {
    try self.init(WeightFile.open(path), path: path, rename: rename, layout: layout, widens: widens)
  }

  init(
    _ source: any TensorSource, path: String, rename: Rename, layout: WeightLayout, widens: Bool = true
  ) throws(Fault) {
    self.path = path
    self.widens = widens
    self.source = source
    self.layout = layout
    self.rename = rename
    var stored: [String: TensorHeader] = [:]
    var headers: [TensorHeader] = []
    for header in source.headers {
      let name = rename(header.name)
      if let other = stored.updateValue(header, forKey: name) {
        throw .badRename(path, "both \"\(other.name)\" and \"\(header.name)\" become \"\(name)\"")
      }
      let dtype = header.dtype.isFloat && widens ? DType.f32 : header.dtype
      headers.append(TensorHeader(name: name, dtype: dtype, shape: layout.shape(header.shape)))
    }
    self.stored = stored
    self.headers = headers.sorted { $0.name < $1.name }
  }

  /// The tensor of a network's name.
  public func load(_ name: String) throws(Fault) -> Tensor {
    guard let header = stored[name] else { throw .unknownTensor(name, path, stored.keys.sorted()) }
    let tensor = layout.applied(to: try source.load(header))
    return header.dtype.isFloat && widens ? tensor.converted(to: .f32) : tensor
  }

  /// The weights as a value of graphs. `content` is the digest of the file's bytes.
  public func set(content: Digest) -> WeightSet {
    var hasher = ContentHasher()
    hasher.combine("weight-file")
    hasher.combine(content)
    hasher.combine(rename.canonical)
    hasher.combine(layout.rawValue)
    if !widens { hasher.combine("as stored") }
    var types: [String: TensorType] = [:]
    for header in headers {
      types[header.name] = TensorType(dtype: header.dtype, shape: header.shape.map { Dim($0) })
    }
    return WeightSet(types: types, digest: hasher.digest, source: path) { name throws(Fault) in try load(name) }
  }

  /// Opens by extension; a folder by what it is.
  private static func open(_ path: String) throws(Fault) -> any TensorSource {
    if path.hasSuffix(".safetensors") { return try Safetensors(path) }
    if path.hasSuffix(".npz") { return try NPZ(path) }
    if path.hasSuffix(".onnx") { return try OnnxFile.open(path) }
    if path.hasSuffix(".npy") {
      let stem = path.split(separator: "/").last.map { String($0.dropLast(4)) } ?? ""
      return try ArrayFiles([(stem, path)])
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw .cannotOpen(path, errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .unknownWeightFormat(path) }
    return try ArrayFiles(folder: path)
  }
}

/// Loose .npy files as one source.
struct ArrayFiles: TensorSource {
  let headers: [TensorHeader]
  private let paths: [String: String]

  init(_ files: [(name: String, path: String)]) throws(Fault) {
    var headers: [TensorHeader] = []
    for (name, path) in files {
      let (dtype, shape) = try NPY.probe(path)
      headers.append(TensorHeader(name: name, dtype: dtype, shape: shape))
    }
    self.headers = headers
    paths = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.path) })
  }

  /// Every .npy file directly in a folder, named by its stem.
  init(folder: String) throws(Fault) {
    guard let listing = opendir(folder) else { throw .cannotOpen(folder, errno) }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".npy") { names.append(String(name.dropLast(4))) }
    }
    guard !names.isEmpty else { throw .unknownWeightFormat(folder) }
    try self.init(names.sorted().map { ($0, "\(folder)/\($0).npy") })
  }

  func load(_ header: TensorHeader) throws(Fault) -> Tensor {
    guard let path = paths[header.name] else { throw .unknownTensor(header.name, "the folder", paths.keys.sorted()) }
    return try NPY.read(path)
  }
}
