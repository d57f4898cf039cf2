import Gallery
import Language
import Tensors

/// Opens galleries by what names them on a command line.
public enum GalleryStore {
  /// A gallery as a value; it need not exist yet.
  public static func reference(_ location: String) -> StoreReference {
    StoreReference(location: location) {
      (try? open(location).identity()) ?? Digest(of: "no gallery")
    }
  }

  /// - Throws: when there is none and none is to be made.
  public static func open(_ location: String, create: Bool = false) throws(Fault) -> any FaceStore {
    try SQLiteGallery(location, create: create)
  }
}

extension HostCall {
  /// The gallery on a port.
  func gallery(_ port: String, create: Bool = false) throws(Fault) -> any FaceStore {
    guard case .store(let store)? = value(port) else { throw .wrongValue(port, "gallery", value(port)) }
    return try GalleryStore.open(store.location, create: create)
  }
}

extension Param {
  /// How several samples of one person count.
  static let matchRule = Param(
    "rule", .choice(MatchRule.allCases.map(\.rawValue)), default: .string(MatchRule.best.rawValue),
    "of several samples of a person: best, the nearest one; mean, the mean of the embeddings")

  static let matchThreshold = Param(
    "threshold", .number(0...2), default: .null,
    "greatest distance of embeddings of length 1 between photos of one person; null: what a calibration wrote into the "
      + "gallery, or else the fallback")

  /// OpenCV FaceRecognizerSF: 1.128 gives 99.60 % on LFW.
  static let matchFallback = Param(
    "fallback", .number(0...2), default: .float(1.128),
    "the threshold where there is no other; the default is that of OpenCV's SFace on LFW")
}

enum MatchThreshold {
  static func of(_ call: HostCall, _ store: any FaceStore) throws(Fault) -> Double {
    if call.attributes.has("threshold") { return call.attributes.number("threshold") }
    return try store.threshold() ?? call.attributes.number("fallback")
  }
}
