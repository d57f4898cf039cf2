import Images
import Language
import Models
import Synchronization
import Tensors

/// Reads headers of picture and weight files for the checker, each file once.
public final class HeaderProbe: FileProbe {
  private let pictures = Mutex<[String: ImageType?]>([:])

  public init() {}

  /// Upright size and stored format; nil when the file is absent or no picture that can be read.
  public func image(_ path: String) -> ImageType? {
    if let known = pictures.withLock({ $0[path] }) { return known }
    let header = try? ImageHeader.probe(path)
    let type = header.map { ImageType(format: $0.format, height: Dim($0.height), width: Dim($0.width)) }
    pictures.withLock { $0[path] = .some(type) }
    return type
  }

  /// Names and types as stored, before any rename or layout; floating-point types are those after loading.
  public func weights(_ path: String) throws(Fault) -> [String: TensorType]? {
    guard FileContent.isFolder(path) != nil else { return nil }
    var types: [String: TensorType] = [:]
    for header in try WeightFile(path).headers {
      types[header.name] = TensorType(dtype: header.dtype, shape: header.shape.map { Dim($0) })
    }
    return types
  }
}
