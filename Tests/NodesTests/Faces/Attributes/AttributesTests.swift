import Glibc
import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct LandmarksTests {
  func points(_ numbers: [Float], _ settings: [String: Literal], matrix: [Float] = [2, 0, 10, 0, 2, 20]) throws
    -> [Float]
  {
    try run(
      Landmarks.op,
      [
        "values": .tensor(Tensor(shape: [1, numbers.count], numbers)),
        "matrix": .tensor(Tensor(shape: [2, 3], matrix)),
      ],
      settings)[0].tensor!.elements(Float.self)
  }

  @Test func `what the numbers mean`() throws {
    #expect(try points([0.5, 1], ["size": 100, "range": "unit"]) == [110, 220])
    #expect(try points([0, 1], ["size": 192, "range": "signed"]) == [202, 404])
    #expect(try points([3, 4], ["range": "pixels"]) == [16, 28])
    // Half a pixel of the crop back, half one of the photo forth.
    #expect(try points([0, 0], ["size": 100, "range": "unit", "pixels": "centres"]) == [9.5, 19.5])
  }

  @Test func `common networks are known by the length of their output`() throws {
    #expect(try points([Float](repeating: 0.5, count: 136), ["size": 100]).prefix(2) == [110, 120])
    #expect(try points([Float](repeating: 0, count: 212), ["size": 192]).count == 212)
    #expect(try points([Float](repeating: 0, count: 3309), ["size": 192]).count == 204)
    #expect(
      message { _ = try points([1, 2], [:]) }
        == "a list of points of no named range is read from 136, 212 or 3309 numbers, but 2 arrived")
  }

  @Test func `the last triples, depth in the photo's pixels`() throws {
    #expect(
      try points(
        [9, 9, 9, 0, 0, 0.5], ["size": 192, "range": "signed", "dimensions": 3, "last": 1]) == [202, 212, 96])
    #expect(
      message { _ = try points([1, 2, 3], ["range": "unit"]) }
        == "a list of points is read from 2 numbers, but 3 arrived")
    #expect(
      message { _ = try points([1, 2], ["range": "unit", "last": 68]) }
        == "a list of points is read from 68 times 2 numbers, but 2 arrived")
  }
}

@Suite struct GenderAgeTests {
  func read(_ numbers: [Float]) throws -> String {
    let results = try run(GenderAge.op, ["values": .tensor(Tensor(shape: [1, numbers.count], numbers))])
    return results.map { JSONText.of($0)! }.joined(separator: " ")
  }

  @Test func `three forms`() throws {
    #expect(try read([0.2, 0.8, 0.314]) == "\"M\" 31")
    let pairs = (0..<100).flatMap { age -> [Float] in age < 42 ? [0.1, 0.9] : [0.9, 0.1] }
    #expect(try read([0.9, 0.1] + pairs) == "\"F\" 42")
    var ages = [Float](repeating: 0, count: 101)
    (ages[20], ages[30]) = (0.5, 0.5)
    #expect(try read(ages) == "null 25.0")
    #expect(message { _ = try read([1, 2]) } == "gender and age is read from 3, 101 or 202 numbers, but 2 arrived")
  }
}

@Suite struct HeadPoseTests {
  @Test func `angles of networks are averaged`() throws {
    let (a, b) = (Tensor(shape: [1, 3], [Float(10), 20, 30]), Tensor(shape: [1, 3], [Float(20), 0, 10]))
    let results = try run(NetworkPose.op, ["angles": .tensor(a), "angles": .tensor(b)])
    #expect(results.map { JSONText.of($0)! } == ["15.0", "10.0", "20.0"])
    let other = try run(NetworkPose.op, ["angles": .tensor(a)], ["order": "pitch_yaw_roll"])
    #expect(other.map { JSONText.of($0)! } == ["20.0", "10.0", "30.0"])
  }

  /// The mean face turned by known angles, seen from afar.
  @Test(arguments: [(0.0, 0.0, 0.0), (30, -10, 5), (-45, 20, -30), (10, 15, 60)])
  func `the angles of a turned mean face are found again`(yaw: Double, pitch: Double, roll: Double) throws {
    let unit = Double.pi / 180
    // R = Rz(roll) Ry Rx, x right, y down, z into the picture.
    let (a, b, c) = (-pitch * unit, yaw * unit, roll * unit)
    func turned(_ p: SIMD3<Double>) -> [Double] {
      let x1 = SIMD3(p.x, cos(a) * p.y - sin(a) * p.z, sin(a) * p.y + cos(a) * p.z)
      let x2 = SIMD3(cos(b) * x1.x + sin(b) * x1.z, x1.y, -sin(b) * x1.x + cos(b) * x1.z)
      return [
        70 * (cos(c) * x2.x - sin(c) * x2.y) + 200, 70 * (sin(c) * x2.x + cos(c) * x2.y) + 150, 70 * x2.z,
      ]
    }
    for count in [2, 3] {
      let rows = MeanFace.points.map { Value.list(turned($0).prefix(count).map { .number($0) }) }
      let found = try run(PointsPose.op, ["points": .list(rows)]).map { $0.scalar! }
      #expect(abs(found[0] - yaw) < 1e-3 && abs(found[1] - pitch) < 1e-3 && abs(found[2] - roll) < 1e-3, "\(found)")
    }
  }

  @Test func `the mean face is a face`() {
    #expect(MeanFace.points.count == 68)
    // Centred (to its four digits), symmetric, eyes above the mouth, nose in front of the ears.
    let sum = MeanFace.points.reduce(SIMD3<Double>(), +)
    #expect(abs(sum.x) < 1e-9 && abs(sum.y) < 1e-2 && abs(sum.z) < 1e-2)
    #expect(MeanFace.points[45].x - MeanFace.points[36].x == 2)
    #expect(MeanFace.points[36].y < MeanFace.points[48].y && MeanFace.points[30].z < MeanFace.points[0].z - 1)
  }

  @Test func `fewer points and points in one place are refused`() throws {
    let one = Value.list([1, 2].map { .number($0) })
    #expect(
      message { _ = try run(PointsPose.op, ["points": .list([one])]) }
        == "the pose is read from 68 points, not other numbers, but 1 arrived")
    let absent = try run(PointsPose.op, ["points": .list([one])], ["needed": false])
    #expect(absent.allSatisfy { $0.isNone })
    #expect(
      message { _ = try run(PointsPose.op, ["points": .list(Array(repeating: one, count: 68))]) }
        == "the points of the face fall together: it cannot be aligned")
  }
}

@Suite struct QualityTests {
  /// Alternating columns of 64 and 192 across a photo of 100 × 100.
  func stripes() -> Image {
    Image(
      format: .grey8,
      pixels: Tensor(shape: [100, 100, 1], (0..<10_000).map { UInt8($0 % 2 == 0 ? 64 : 192) }))
  }

  func judge(_ value: Value, _ image: Image) throws -> (Double, [String]) {
    let results = try run(Quality.op, ["face": value, "image": .image(image)])
    return (results[0].scalar!, results[1].list!.map { $0.text! })
  }

  @Test func `a sharp, large, frontal face is good`() throws {
    let points = [[30.0, 40], [70, 40], [50, 55], [35, 70], [65, 70]]
    let (quality, reasons) = try judge(face([20, 20, 80, 80], score: 1, points: points), stripes())
    #expect(abs(quality - 1) < 1e-9 && reasons.isEmpty)
  }

  @Test func `every reason is named`() throws {
    let turned = [[30.0, 40], [70, 40], [66, 55], [35, 70], [65, 70]]
    let (quality, reasons) = try judge(
      face([-5, 0, 4, 5], score: 0.5, points: turned), plain(.grey8, height: 100, width: 100, [10]))
    #expect(reasons == ["unsure", "small", "blurred", "dark", "turned", "cut off"])
    #expect(quality < 0.3)
    #expect(try judge(face([0, 0, 50, 50]), plain(.grey8, height: 60, width: 60, [250])).1 == ["blurred", "bright"])
  }

  @Test func `sharpness is the variance of the Laplacian`() throws {
    // The neighbours across differ by 128 from each pixel: ±256, mean 0.
    let patch = try GreyPatch(stripes(), Box(x1: 0, y1: 0, x2: 100, y2: 100))
    #expect(patch.mean == 128 && patch.sharpness == 65536)
  }
}
