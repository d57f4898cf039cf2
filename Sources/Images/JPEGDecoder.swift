import CTurboJPEG
import Language
import Tensors

/// JPEG through libturbojpeg, with libjpeg's own defaults (accurate DCT, smooth upsampling).
enum JPEGDecoder {
  static func decode(
    _ bytes: [UInt8], name: String, _ header: JPEGHeader, eighths: Int
  ) throws(Fault) -> Image {
    guard let handle = tjInitDecompress() else { throw .cannotRead(name, "libturbojpeg does not start") }
    defer { tjDestroy(handle) }
    try checkAgreement(handle, bytes, name: name, header)
    let (width, height) = (header.scaled(header.width, eighths), header.scaled(header.height, eighths))
    let (layout, channels) =
      switch header.components {
      case 1: (TJPF_GRAY, 1)
      case 3: (TJPF_RGB, 3)
      default: (TJPF_CMYK, 4)
      }
    let pixels = try Tensor(UInt8.self, shape: [height, width, channels]) { target throws(Fault) in
      // A warning means that pixels are missing or made up, so it counts as an error; the scan limit bounds the time
      // that a small progressive file can take.
      let code = tjDecompress2(
        handle, bytes, UInt(bytes.count), target.baseAddress, Int32(width), 0, Int32(height), layout.rawValue,
        TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
      guard code == 0 else { throw .damagedImage(name, .jpeg, message(handle)) }
    }
    return channels == 4 ? rgb(cmyk: pixels) : Image(format: channels == 1 ? .grey8 : .rgb8, pixels: pixels)
  }

  /// The library must see the size that memory is about to be taken for.
  private static func checkAgreement(
    _ handle: tjhandle, _ bytes: [UInt8], name: String, _ header: JPEGHeader
  ) throws(Fault) {
    var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    // The code is not looked at: the call also fails for chroma samplings that have no name but decode well.
    _ = tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &sampling, &space)
    guard width > 0, height > 0 else { throw .damagedImage(name, .jpeg, message(handle)) }
    guard Int(width) == header.width, Int(height) == header.height else {
      throw .damagedImage(name, .jpeg, "two sizes: \(header.width) × \(header.height) and \(width) × \(height)")
    }
  }

  private static func message(_ handle: tjhandle) -> String {
    guard let text = tjGetErrorStr2(handle) else { return "unknown cause" }
    return String(cString: text)
  }

  /// Four-channel JPEGs hold inverted ink (Adobe's habit, which Pillow assumes always): 255 is none. RGB is then
  /// (255 - ink) · (255 - black) / 255 in Pillow's rounding, which is not the exact product's.
  private static func rgb(cmyk pixels: Tensor) -> Image {
    func scaled(_ a: Int32, _ b: Int32) -> Int32 {
      let product = a * b + 128
      return ((product >> 8) + product) >> 8
    }
    let converted = pixels.withElements(UInt8.self) { source in
      Tensor(UInt8.self, shape: [pixels.shape[0], pixels.shape[1], 3]) { target in
        for pixel in 0..<source.count / 4 {
          let light = Int32(source[4 * pixel + 3])
          for c in 0..<3 {
            let ink = 255 - Int32(source[4 * pixel + c])
            target[3 * pixel + c] = UInt8(max(0, light - scaled(ink, light)))
          }
        }
      }
    }
    return Image(format: .rgb8, pixels: converted)
  }
}

extension JPEGHeader {
  /// An extent decoded at `eighths`/8, rounded up as the library does.
  func scaled(_ extent: Int, _ eighths: Int) -> Int { (extent * eighths + 7) / 8 }
}
