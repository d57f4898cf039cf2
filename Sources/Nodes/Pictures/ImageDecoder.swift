import Images
import Language
import Tensors

/// ONNX ImageDecoder (operator set 20): the bytes of a JPEG or PNG file as a tensor [H, W, C].
public enum ImageDecoder {
  public static let op = Op(
    "onnx.ImageDecoder",
    doc: """
      The bytes of a JPEG or PNG file as [H, W, C] of u8, in the order of pixel_format. The other formats that ONNX names \
      (BMP, JPEG 2000, TIFF, WebP, PNM) are refused. EXIF orientation is not applied, as in ONNX's reference.
      """,
    inputs: [Port("encoded_stream", "tensor", .one, "[bytes] of u8")], outputs: [Port("image", "tensor<u8>[H,W,C]")],
    params: [
      Param("pixel_format", .choice(["RGB", "BGR", "Grayscale"]), default: .string("RGB"), "attribute of ONNX"),
      Param("opset", .int(1...10_000), default: .int(28), "the version of the operator set"),
    ],
    isInternal: true,
    infer: { facts throws(Fault) in
      let channels = facts.attributes.string("pixel_format") == "Grayscale" ? 1 : 3
      return [
        .tensor(TensorType(dtype: .u8, shape: [.symbol("?height"), .symbol("?width"), Dim(channels)]))
      ]
    },
    action: .host(
      Host { call throws(Fault) in
        let stream = try call.tensor("encoded_stream")
        guard stream.dtype == .u8, stream.rank == 1 else {
          throw .type("encoded_stream is \(stream.dtype.rawValue)\(stream.shape), but must be u8[bytes]")
        }
        let order = call.attributes.string("pixel_format")
        let image = try ImageCodec.decode(
          stream.elements(UInt8.self), name: "encoded_stream",
          DecodeOptions(orientation: .ignore, format: order == "Grayscale" ? .grey8 : .rgb8))
        return [.tensor((order == "BGR" ? image.swappingRedAndBlue() : image).pixels)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ImageDecoder.op, $0) }
