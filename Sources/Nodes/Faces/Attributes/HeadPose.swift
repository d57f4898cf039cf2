import Glibc
import Images
import Language
import Tensors

/// Where a head turns, from the output of a network.
public enum NetworkPose {
  public static let op = Op(
    "face.pose",
    doc: """
      The angles of a head in degrees, as a network gives them: the mean over several. FSA-Net's order is yaw, pitch, \
      roll; yaw grows when the face turns to the right of the picture, pitch when it looks up, roll when it leans clockwise.
      """,
    inputs: [Port("angles", "tensor<f32>", .variadic, "[1, 3] from each network")],
    outputs: [Port("yaw", "number"), Port("pitch", "number"), Port("roll", "number")],
    params: [
      Param(
        "order", .choice(["yaw_pitch_roll", "pitch_yaw_roll", "roll_pitch_yaw"]), default: .string("yaw_pitch_roll"),
        "of the three numbers")
    ],
    infer: { _ throws(Fault) in [.number, .number, .number] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let all = call.values("angles")
        var sums = [0.0, 0, 0]
        for value in all {
          guard let numbers = value.numberList, numbers.count == 3 else {
            throw .outputCount("a head pose", value.numberList?.count ?? 0, "3")
          }
          for index in 0..<3 { sums[index] += numbers[index] / Double(all.count) }
        }
        let places: [Int] =
          switch call.attributes.string("order") {
          case "pitch_yaw_roll": [1, 0, 2]
          case "roll_pitch_yaw": [2, 1, 0]
          default: [0, 1, 2]
          }
        return places.map { .number(sums[$0]) }
      }))
}

/// Where a head turns, from 68 points.
public enum PointsPose {
  public static let op = Op(
    "face.pose_of_points",
    doc: """
      The angles of a head in degrees from 68 points (iBUG 300-W), in two or three dimensions: the affine map of the mean \
      face to the points by least squares, whose first two rows, made unit length, are the head's axes, and whose third is \
      their cross product (InsightFace). yaw = atan2(-R31, |R11, R21|) grows when the face turns to the right of the \
      picture, pitch = -atan2(R32, R33) when it looks up, roll = atan2(R21, R11) when it leans clockwise.
      """,
    inputs: [Port("points", "any", .one, "68 points [x, y] or [x, y, z]")],
    outputs: [Port("yaw", "number?"), Port("pitch", "number?"), Port("roll", "number?")],
    params: [
      Param("needed", .bool, default: .bool(true), "whether points of another number are an error; else it is absent")
    ],
    infer: { facts throws(Fault) in
      let angle: ValueType = facts.attributes.bool("needed") ? .number : .optional(.number)
      return [angle, angle, angle]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let rows = try (call.value("points") ?? .none).coordinates("points")
        if rows.count != 68, !call.attributes.bool("needed") { return [.none, .none, .none] }
        guard rows.count == 68 else { throw .outputCount("the pose", rows.count, "68 points, not other") }
        let angles = try angles(rows)
        return [.number(angles.yaw), .number(angles.pitch), .number(angles.roll)]
      }))

  static func angles(_ rows: [[Double]]) throws(Fault) -> (yaw: Double, pitch: Double, roll: Double) {
    let x = try fitted(rows.map { $0[0] })
    let y = try fitted(rows.map { $0[1] })
    func unit(_ v: SIMD3<Double>) -> SIMD3<Double>? {
      let length = (v * v).sum().squareRoot()
      return length > 1e-9 ? v / length : nil
    }
    guard let r1 = unit(x), let r2 = unit(y) else { throw .collapsedPoints }
    let r3 = SIMD3(
      r1.y * r2.z - r1.z * r2.y, r1.z * r2.x - r1.x * r2.z, r1.x * r2.y - r1.y * r2.x)
    let degrees = 180 / Double.pi
    return (
      atan2(-r3.x, (r1.x * r1.x + r2.x * r2.x).squareRoot()) * degrees, -atan2(r3.y, r3.z) * degrees,
      atan2(r2.x, r1.x) * degrees
    )
  }

  /// The row of the affine map that gives one coordinate of the points from those of the mean face.
  private static func fitted(_ values: [Double]) throws(Fault) -> SIMD3<Double> {
    let mean = values.reduce(0, +) / Double(values.count)
    var right = SIMD3<Double>()
    for (point, value) in zip(MeanFace.points, values) { right += (value - mean) * point }
    return MeanFace.inverse.0 * right.x + MeanFace.inverse.1 * right.y + MeanFace.inverse.2 * right.z
  }
}

@used @section("weft_ops") private let networkEntry: OpEntry = { Registry.collect(NetworkPose.op, $0) }
@used @section("weft_ops") private let pointsEntry: OpEntry = { Registry.collect(PointsPose.op, $0) }
