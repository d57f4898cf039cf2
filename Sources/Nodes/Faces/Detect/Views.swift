import Images
import Kernels
import Language
import Tensors

/// The photo at the sizes a detector looks at.
public enum Views {
  public static let op = Op(
    "face.views",
    doc: """
      The photo at each of the sizes, fitted into the top left of a black square (the rest of the photo's longer side \
      and a detector's fixed input), in OpenCV's bilinear arithmetic: r = min(size / height, size / width), both sides \
      times r, cut to whole pixels. A small size finds faces that fill the frame, a large one small faces. Size 0 is the \
      photo as it is, with black below and right up to a multiple of 32.
      """,
    inputs: [Port("image", "image")],
    outputs: [
      Port("images", "list<image<rgb8>>", .one, "One square per size."),
      Port("fits", "list<tensor<f32>[4]>", .one, "For each: seen = photo * factor + offset; x and y factor, offsets."),
    ],
    params: [
      Param("sizes", .ints(0...16384, counts: []), default: .array([.int(640)]), "sides in pixels"),
      Param(
        "canvas", .int(0...16384), default: .int(0),
        "the least side of the squares: what a detector of fixed size needs. 0: as large as the size"),
      Param("pad", .int(.natural), default: .int(0), "black pixels that were put around the photo before"),
    ],
    infer: { facts throws(Fault) in
      let sizes = facts.attributes.ints("sizes")
      guard !sizes.isEmpty else { throw .params("param \"sizes\" is empty: a detector needs one size at least") }
      let canvas = facts.attributes.int("canvas")
      let images = sizes.map { size -> ValueType in
        let side: Dim = size == 0 ? .symbol("?side") : Dim(max(size, canvas))
        return .image(ImageType(format: .rgb8, height: side, width: size == 0 ? .symbol("?width") : side))
      }
      return [.tuple(images), .tuple(sizes.map { _ in .f32([4]) })]
    },
    action: .host(
      Host { call throws(Fault) in
        let photo = try call.image("image").converted(to: .rgb8)
        guard photo.width > 0, photo.height > 0 else { throw .wrongValue("image", "picture", .image(photo)) }
        let pad = Double(call.attributes.int("pad"))
        var (images, fits): ([Value], [Value]) = ([], [])
        for size in call.attributes.ints("sizes") {
          let view = View(photo, size: size, canvas: call.attributes.int("canvas"))
          images.append(.image(view.draw(photo)))
          let offset = Float(pad * view.factor)
          fits.append(.tensor(Tensor(shape: [4], [Float(view.factor), Float(view.factor), offset, offset])))
        }
        return [.list(images), .list(fits)]
      }))

  /// Where a photo stands at one size.
  struct View {
    let factor: Double
    let inside: Extent
    let square: Extent

    init(_ photo: Image, size: Int, canvas: Int) {
      guard size > 0 else {
        func rounded(_ extent: Int) -> Int { (max(extent, canvas) + 31) / 32 * 32 }
        factor = 1
        inside = Extent(photo.height, photo.width)
        square = Extent(rounded(photo.height), rounded(photo.width))
        return
      }
      factor = min(Double(size) / Double(photo.height), Double(size) / Double(photo.width))
      inside = Extent(
        min(size, max(1, Int(Double(photo.height) * factor))), min(size, max(1, Int(Double(photo.width) * factor))))
      square = Extent(max(size, canvas), max(size, canvas))
    }

    func draw(_ photo: Image) -> Image {
      let resize = OpenCVResize(input: Extent(photo.height, photo.width), output: inside, channels: 3)
      let line = 3 * square.width
      let pixels = Tensor(UInt8.self, shape: [square.height, square.width, 3]) { memory in
        memory.update(repeating: 0)
        photo.pixels.withElements(UInt8.self) { source in
          let isSame = inside.height == photo.height && inside.width == photo.width
          withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 3 * inside.height * inside.width) { resized in
            if !isSame { resize.run(rows: 0..<inside.height, x: source.baseAddress!, y: resized.baseAddress!) }
            let from = isSame ? source.baseAddress! : UnsafePointer(resized.baseAddress!)
            for row in 0..<inside.height {
              (memory.baseAddress! + row * line).update(from: from + 3 * row * inside.width, count: 3 * inside.width)
            }
          }
        }
      }
      return Image(format: .rgb8, pixels: pixels)
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Views.op, $0) }
