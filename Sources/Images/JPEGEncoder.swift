import CTurboJPEG
import Language
import Tensors

enum JPEGEncoder {
  static func encode(_ image: Image, _ settings: JPEGSettings, name: String) throws(Fault) -> [UInt8] {
    guard (1...100).contains(settings.quality) else {
      throw .optionOutOfRange("the JPEG quality", settings.quality, 1...100)
    }
    guard image.width <= 65500, image.height <= 65500 else {
      throw .cannotEncode(name, .jpeg, "\(image.width) × \(image.height) is above 65500 pixels a side")
    }
    let grey = image.format.channels < 3
    guard !image.format.hasAlpha || settings.background != nil else {
      throw .cannotEncode(name, .jpeg, "\(image.format.rawValue) has alpha; give a background or save a PNG")
    }
    let flat = image.converted(to: grey ? .grey8 : .rgb8, alpha: settings.background.map { .over($0) } ?? .drop)
    guard let handle = tjInitCompress() else { throw .cannotWrite(name, "libturbojpeg does not start") }
    defer { tjDestroy(handle) }
    var (bytes, count): (UnsafeMutablePointer<UInt8>?, UInt) = (nil, 0)
    defer { tjFree(bytes) }
    let sampling = grey ? TJSAMP_GRAY : settings.sampling == .full ? TJSAMP_444 : TJSAMP_420
    let code = flat.pixels.withElements(UInt8.self) { pixels in
      tjCompress2(
        handle, pixels.baseAddress, Int32(flat.width), 0, Int32(flat.height),
        (grey ? TJPF_GRAY : TJPF_RGB).rawValue, &bytes, &count, Int32(sampling.rawValue),
        Int32(settings.quality), TJFLAG_ACCURATEDCT)
    }
    guard code == 0 else {
      throw .cannotEncode(name, .jpeg, tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown cause")
    }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
  }
}
