import Language
import Tensors

/// What can be wrong with a picture file, worded in one place. `name` is the path or whatever else the caller knows
/// the picture by.
extension Fault {
  static func cannotRead(_ name: String, _ cause: String) -> Fault {
    Fault("image-read", "cannot read \(name): \(cause)")
  }

  static func cannotWrite(_ name: String, _ cause: String) -> Fault {
    Fault("image-write", "cannot write \(name): \(cause)")
  }

  static func unknownImageFormat(_ name: String, empty: Bool) -> Fault {
    Fault("image-format", empty ? "\(name) is empty" : "\(name) is neither a JPEG nor a PNG file")
  }

  static func unknownImageExtension(_ name: String) -> Fault {
    Fault("image-format", "cannot tell a picture format from the name \(name): it must end in .png, .jpg or .jpeg")
  }

  static func damagedImage(_ name: String, _ format: ImageFileFormat, _ cause: String) -> Fault {
    Fault("image-damaged", "\(name): damaged \(format.title) file: \(cause)")
  }

  static func unsupportedImage(_ name: String, _ format: ImageFileFormat, _ what: String) -> Fault {
    Fault("image-unsupported", "\(name): \(what) \(format.title) is not supported")
  }

  static func tooManyPixels(_ name: String, width: Int, height: Int, limit: Int) -> Fault {
    Fault("image-limit", "\(name): \(width) × \(height) pixels are above the limit of \(limit) pixels")
  }

  static func fileTooLarge(_ name: String, bytes: Int, limit: Int) -> Fault {
    Fault("image-limit", "\(name): \(bytes) bytes are above the limit of \(limit) bytes for a picture file")
  }

  static func implausiblySmall(
    _ name: String, _ format: ImageFileFormat, bytes: Int, width: Int, height: Int
  ) -> Fault {
    damagedImage(name, format, "\(bytes) bytes cannot hold the \(width) × \(height) pixels that the header declares")
  }

  static func reducedSizeNeedsJPEG(_ name: String) -> Fault {
    Fault("image-option", "\(name): decoding at reduced size is possible for JPEG files only; this is a PNG")
  }

  static func optionOutOfRange(_ option: String, _ value: Int, _ range: ClosedRange<Int>) -> Fault {
    Fault("image-option", "\(option) is \(value); it must be \(range.lowerBound) to \(range.upperBound)")
  }

  static func cannotEncode(_ name: String, _ format: ImageFileFormat, _ cause: String) -> Fault {
    Fault("image-encode", "cannot write \(name) as \(format.title): \(cause)")
  }

  static func noFrames(_ name: String) -> Fault {
    Fault("image-encode", "cannot write \(name): an animation of no pictures")
  }

  static func frameSize(_ name: String, _ index: Int, _ size: [Int], _ first: [Int]) -> Fault {
    Fault(
      "image-encode",
      "cannot write \(name): picture \(index) is \(size[1])×\(size[0]), the first is \(first[1])×\(first[0])")
  }

  static func badTextKey(_ key: String) -> Fault {
    Fault("image-option", "PNG text key \"\(key)\" must be 1 to 79 printable Latin-1 characters without outer spaces")
  }

  static func cropOutside(x: Int, y: Int, width: Int, height: Int, of image: Image) -> Fault {
    Fault(
      "image-option",
      "the part \(width) × \(height) at (\(x), \(y)) does not lie in the picture of \(image.width) × \(image.height)")
  }

  static func padOutOfRange(_ count: Int, extent: Int, reflects: Bool) -> Fault {
    let limit = reflects ? ", and to reflect it must be below the extent of \(extent)" : ""
    return Fault("image-option", "cannot pad by \(count) pixels: the count must not be negative\(limit)")
  }

  static func emptyContactSheet() -> Fault { Fault("image-option", "a contact sheet needs at least one picture") }

  static func contactSheetTooLarge(width: Int, height: Int, limit: Int) -> Fault {
    Fault("image-limit", "a contact sheet of \(width) × \(height) is above the limit of \(limit) pixels")
  }
}
