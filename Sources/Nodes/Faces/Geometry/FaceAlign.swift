import Images
import Language
import Tensors

/// Where the pixels of an aligned crop lie in the photo.
public enum FaceAlign {
  public static let op = Op(
    "face.align",
    doc: """
      The map that brings a face into the position an encoder was trained on; image.warp with inverse: true cuts it out. \
      arcface and sface: similarity of the 5 points with the ArcFace template (Umeyama 1991; multiples of 128 stand 8/128 \
      further right); dlib: chip from 68 points with padding; openface, openface_inner: three of 68 points (outer eyes \
      and nose, or inner eyes and lower lip); deepface: the eyes level, the box fitted into the square. A face that \
      stands for the whole photo, and one without points where 5 are needed, has its box stretched over the square.
      """,
    inputs: [Port("face", "face")],
    outputs: [Port("matrix", "tensor<f32>[2,3]", .one, "From the crop's pixels to the photo's.")],
    params: [
      Param(
        "recipe", .choice(AlignmentRecipe.allCases.map(\.rawValue)), default: .string("arcface"), "the position"),
      Param("size", .int(1...8192), default: .int(112), "side of the crop, in pixels"),
      Param("padding", .number(0...10), default: .float(0.25), "dlib: border as a share of the template"),
    ],
    infer: { _ throws(Fault) in [.f32([2, 3])] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let face = try call.face("face")
        let size = call.attributes.int("size")
        let recipe = AlignmentRecipe(rawValue: call.attributes.string("recipe"))!
        if face.isWholePicture || (face.points.isEmpty && [.arcface, .sface].contains(recipe)) {
          return [.tensor(try FaceCrop.stretched(face.box, size: size).tensor)]
        }
        let map = try recipe.map(face, size: size, padding: call.attributes.number("padding"))
        return [.tensor(map.inverse!.tensor)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FaceAlign.op, $0) }
