import Images
import Language
import Tensors

/// The map of one face's points onto another's.
public enum FaceFit {
  public static let op = Op(
    "face.fit",
    doc: """
      The map that brings points nearest to others by least squares: affine (turn, scales, shear and shift: the normal \
      equations), or a similarity (turn, one scale and shift: Umeyama 1991, eqs. 40-42). From the landmarks of a face in \
      one photo to those of a face in another it says where in the other photo what stands at a pixel of this one is \
      found: image.warp with inverse: true brings the other face into the place of this one. With "first", a map that \
      is gone through before: from the pixels of a crop to the photo (face.crop, face.align).
      """,
    inputs: [
      Port("from", "any", .one, "[[x, y]…] or a tensor [N, 2]"),
      Port("to", "any", .one, "as many, in the same order"),
      Port("first", "tensor<f32>[2,3]", .optional, "gone through before"),
    ],
    outputs: [
      Port("matrix", "tensor<f32>[2,3]", .one, "From the pixels of \"from\", or of the crop, to those of \"to\".")
    ],
    params: [Param("kind", .choice(["affine", "similarity"]), default: .string("affine"), "what the map may do")],
    infer: { _ throws(Fault) in [.f32([2, 3])] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let (from, to) = (try points(call, "from"), try points(call, "to"))
        guard from.count == to.count else { throw .unlikePoints(from.count, to.count) }
        let isAffine = call.attributes.string("kind") == "affine"
        let found = isAffine ? Affine.nearest(from: from, to: to) : Affine.similarity(from: from, to: to)
        guard let found, found.inverse != nil else { throw .collapsedPoints }
        guard call.value("first") != nil else { return [.tensor(found.tensor)] }
        return [.tensor(found.after(try Affine(call.tensor("first"), "first")).tensor)]
      }))

  private static func points(_ call: HostCall, _ port: String) throws(Fault) -> [Point] {
    guard let value = call.value(port) else { throw .wrongValue(port, "list of points", nil) }
    return try value.points(port)
  }
}

extension Affine {
  /// The affine map that brings `from` nearest to `to` by least squares; nil where `from` lies on a line.
  static func nearest(from: [Point], to: [Point]) -> Affine? {
    guard from.count == to.count, from.count >= 3 else { return nil }
    let (p, q) = (Face.mean(from[...]), Face.mean(to[...]))
    // About the means the shift falls out, and [a b; d e] = (Σ q pᵀ) (Σ p pᵀ)⁻¹.
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    var (ux, uy, vx, vy) = (0.0, 0.0, 0.0, 0.0)
    for (source, target) in zip(from, to) {
      let (x, y) = (source.x - p.x, source.y - p.y)
      let (u, v) = (target.x - q.x, target.y - q.y)
      (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y)
      (ux, uy, vx, vy) = (ux + u * x, uy + u * y, vx + v * x, vy + v * y)
    }
    let determinant = xx * yy - xy * xy
    guard determinant.isFinite, determinant > 1e-12 * (xx + yy) * (xx + yy) else { return nil }
    let (a, b) = ((ux * yy - uy * xy) / determinant, (uy * xx - ux * xy) / determinant)
    let (d, e) = ((vx * yy - vy * xy) / determinant, (vy * xx - vx * xy) / determinant)
    return Affine(a, b, q.x - a * p.x - b * p.y, d, e, q.y - d * p.x - e * p.y)
  }

  /// This map of what `first` gives.
  func after(_ first: Affine) -> Affine {
    Affine(
      a * first.a + b * first.d, a * first.b + b * first.e, a * first.c + b * first.f + c,
      d * first.a + e * first.d, d * first.b + e * first.e, d * first.c + e * first.f + f)
  }
}

extension Fault {
  fileprivate static func unlikePoints(_ from: Int, _ to: Int) -> Fault {
    .failed("\(from) points cannot be fitted to \(to): one landmark network has to find both")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FaceFit.op, $0) }
