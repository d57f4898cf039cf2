import Images
import Kernels
import Language
import Synchronization
import Tensors

/// Picture files as examples, one or several of each: decoded when asked for, brought to one size, kept as bytes while
/// there is room.
final class PictureExamples: Sendable {
  static let params: [Param] = [
    Param("size", .ints(.positive, counts: [1, 2]), "[height, width] of every example, px; one number for both"),
    Param(
      "fit", .choice(["stretch", "crop"]), default: .string("stretch"),
      "how a picture of other proportions is brought to size: stretched, or resized to cover it and cut at the centre"),
    Param("colour", .choice(["rgb", "grey"]), default: .string("rgb"), "channels of x: 3 or 1"),
    Param("range", .choice(["0..1", "0..255"]), default: .string("0..1"), "values of x"),
  ]

  /// Bytes of decoded pictures kept.
  private static let room = 512 << 20

  private struct Kept {
    /// By number among all pictures, side after side.
    var pixels: [Int: Tensor] = [:]
    var bytes = 0
    /// What stands for an example that cannot be read.
    var standIns: [Int: Int] = [:]
  }

  /// How many there are.
  let count: Int
  private let paths: [String]
  private let height: Int
  private let width: Int
  private let isGrey: Bool
  private let crops: Bool
  private let scale: Float
  /// Where there: an example that cannot be read is replaced by the next one that can, and told here once.
  private let skip: (@Sendable (Fault) -> Void)?
  private let kept = Mutex(Kept())

  /// `sides` are the paths of the first picture of each example, then those of the second.
  init(_ sides: [[String]], _ attributes: Attributes, skip: (@Sendable (Fault) -> Void)?) {
    count = sides[0].count
    paths = sides.flatMap { $0 }
    let size = attributes.ints("size", count: 2)
    (height, width) = (size[0], size[1])
    isGrey = attributes.string("colour") == "grey"
    crops = attributes.string("fit") == "crop"
    scale = attributes.string("range") == "0..1" ? 1 / 255 : 1
    self.skip = skip
  }

  /// The type of one example.
  static func type(_ attributes: Attributes) -> TensorType {
    let size = attributes.ints("size", count: 2)
    let colour = attributes.string("colour")
    return TensorType(
      dtype: .f32, shape: [Dim(colour == "grey" ? 1 : 3), Dim(size[0]), Dim(size[1])],
      meaning: Meaning(colour: colour, layout: "CHW", range: attributes.string("range")))
  }

  /// The example that stands at a position: itself, or the next one that can be read.
  func index(_ position: Int) throws(Fault) -> Int {
    guard let skip else { return position }
    if let known = kept.withLock({ $0.standIns[position] }) { return known }
    var first: Fault?
    for offset in 0..<count {
      let candidate = (position + offset) % count
      do throws(Fault) {
        for side in 0..<paths.count / count { _ = try pixels(side * count + candidate) }
        if let first, kept.withLock({ $0.standIns.updateValue(candidate, forKey: position) }) == nil {
          skip(.replaced(first, by: paths[candidate]))
        }
        return candidate
      } catch { first = first ?? error }
    }
    throw first ?? .noExamples("the data")
  }

  /// [C, H, W] of f32.
  func tensor(_ position: Int, side: Int) throws(Fault) -> Tensor {
    let bytes = try pixels(side * count + index(position))
    let (channels, area, scale) = (isGrey ? 1 : 3, height * width, scale)
    return bytes.withElements(UInt8.self) { source in
      Tensor(Float.self, shape: [channels, height, width]) { target in
        for channel in 0..<channels {
          for place in 0..<area {
            target[channel * area + place] = Float(source[place * channels + channel]) * scale
          }
        }
      }
    }
  }

  /// The size of a picture as its file has it.
  static func storedSize(_ path: String) throws(Fault) -> (height: Int, width: Int) {
    let header = try ImageHeader.probe(path)
    return (header.height, header.width)
  }

  /// [H, W, C] of bytes.
  private func pixels(_ index: Int) throws(Fault) -> Tensor {
    if let known = kept.withLock({ $0.pixels[index] }) { return known }
    var image = try ImageFile.read(paths[index], DecodeOptions(format: isGrey ? .grey8 : .rgb8)).pixels
    if crops {
      let ratio = max(Double(height) / Double(image.shape[0]), Double(width) / Double(image.shape[1]))
      let cover = [
        max(height, Int((Double(image.shape[0]) * ratio).rounded())),
        max(width, Int((Double(image.shape[1]) * ratio).rounded())),
      ]
      image = PictureExamples.cut(PictureExamples.resized(image, cover[0], cover[1]), height, width)
    } else {
      image = PictureExamples.resized(image, height, width)
    }
    let result = image
    kept.withLock {
      guard $0.bytes + result.byteCount <= PictureExamples.room, $0.pixels[index] == nil else { return }
      $0.pixels[index] = result
      $0.bytes += result.byteCount
    }
    return result
  }

  private static func resized(_ image: Tensor, _ height: Int, _ width: Int) -> Tensor {
    guard image.shape[0] != height || image.shape[1] != width else { return image }
    let resize = PillowResize(
      input: Extent(image.shape[0], image.shape[1]), output: Extent(height, width), channels: image.shape[2],
      filter: .bilinear)
    let scratch = Buffer(byteCount: max(1, resize.scratchBytes))
    return image.withElements(UInt8.self) { source in
      Tensor(UInt8.self, shape: [height, width, image.shape[2]]) { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        resize.run(x: from, y: to, scratch: scratch.bytes)
      }
    }
  }

  /// The middle of a picture.
  private static func cut(_ image: Tensor, _ height: Int, _ width: Int) -> Tensor {
    let (top, left, channels) = ((image.shape[0] - height) / 2, (image.shape[1] - width) / 2, image.shape[2])
    return image.withElements(UInt8.self) { source in
      Tensor(UInt8.self, shape: [height, width, channels]) { target in
        for row in 0..<height {
          let start = ((top + row) * image.shape[1] + left) * channels
          for index in 0..<width * channels { target[row * width * channels + index] = source[start + index] }
        }
      }
    }
  }
}

extension DataStream {
  /// Examples from files: one stream of pictures, the first or another of each example.
  static func pictures(
    _ examples: PictureExamples, side: Int = 0, _ attributes: Attributes, digest: Digest, part: String, source: String
  ) -> DataStream {
    DataStream(
      type: PictureExamples.type(attributes), count: examples.count, digest: digest.with(part), source: source
    ) { position, _ throws(Fault) in try examples.tensor(position, side: side) }
  }

  /// One whole number per example.
  static func labels(
    _ labels: [Int], of examples: PictureExamples?, digest: Digest, source: String
  ) -> DataStream {
    DataStream(type: label, count: labels.count, digest: digest.with("label"), source: source) {
      position, _ throws(Fault) in
      .scalar(Float(labels[try examples?.index(position) ?? position]))
    }
  }

  /// The type of a label.
  static let label = TensorType(dtype: .f32, shape: [])
}

extension Digest {
  /// Another digest that depends on this one and a text.
  func with(_ text: String) -> Digest {
    var hasher = ContentHasher()
    hasher.combine(self)
    hasher.combine(text)
    return hasher.digest
  }
}
