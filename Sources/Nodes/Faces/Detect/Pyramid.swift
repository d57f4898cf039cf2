import Images
import Kernels
import Language
import Tensors

/// The photo at falling sizes, for a network that looks for faces of one size.
public enum Pyramid {
  public static let op = Op(
    "face.pyramid",
    doc: """
      The photo at falling sizes, for a network whose window is 12 pixels wide: the first makes faces of min_face pixels \
      as large as the window, each next is factor times the one before, until the photo is smaller than the window \
      (MTCNN, Zhang et al. 2016). Each pixel is the mean of what it covers.
      """,
    inputs: [Port("image", "image")],
    outputs: [Port("images", "list<image<rgb8>>"), Port("scales", "list<number>", .one, "of each to the photo")],
    params: [
      Param("min_face", .int(12...16384), default: .int(20), "side of the smallest face, in pixels"),
      Param("factor", .number(0.1...0.95), default: .float(0.709), "from one size to the next"),
      Param("window", .int(1...1000), default: .int(12), "side of the network's window"),
    ],
    infer: { _ throws(Fault) in
      [.list(.image(ImageType(format: .rgb8, height: .symbol("?H"), width: .symbol("?W")))), .list(.number)]
    },
    action: .host(
      Host { call throws(Fault) in
        let photo = try call.image("image").converted(to: .rgb8)
        let attributes = call.attributes
        var scale = Double(attributes.int("window")) / Double(attributes.int("min_face"))
        var (images, scales): ([Value], [Value]) = ([], [])
        while Double(min(photo.height, photo.width)) * scale >= Double(attributes.int("window")) {
          let size = Extent(Int(Double(photo.height) * scale + 1), Int(Double(photo.width) * scale + 1))
          images.append(.image(photo.averaged(to: size)))
          scales.append(.number(scale))
          scale *= attributes.number("factor")
        }
        return [.list(images), .list(scales)]
      }))
}

extension Image {
  /// An rgb8 picture of another size, each pixel the mean of what it covers (Pillow's box filter).
  func averaged(to size: Extent) -> Image {
    let resize = PillowResize(input: Extent(height, width), output: size, channels: 3, filter: .box)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: max(1, resize.scratchBytes), alignment: 64)
    defer { scratch.deallocate() }
    return Image(
      format: .rgb8,
      pixels: pixels.withElements(UInt8.self) { source in
        Tensor(UInt8.self, shape: [size.height, size.width, 3]) { target in
          resize.run(x: source.baseAddress!, y: target.baseAddress!, scratch: scratch)
        }
      })
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Pyramid.op, $0) }
