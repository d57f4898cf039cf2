import Images
import Language
import Tensors

/// Reads points from the output of a landmark network.
public enum Landmarks {
  public static let op = Op(
    "face.landmarks",
    doc: """
      The points that a landmark network found in a crop, in pixels of the photo. unit: shares of the crop's side (PFLD); \
      signed: -1...1 across the crop (InsightFace's 106 and 3-D 68 points); pixels: of the crop. Of three coordinates the \
      third is a depth in the photo's pixels. last takes the end of a longer list. auto knows common outputs \
      by their length: 136 numbers are 68 points of unit, 212 are 106 of signed, 3309 (InsightFace's 1k3d68) are triples \
      of signed, the last 68 of which are the landmarks.
      """,
    inputs: [
      Port("values", "tensor<f32>", .one, "The network's output for one face."),
      Port("matrix", "tensor<f32>[2,3]", .one, "From the crop's pixels to the photo's."),
    ],
    outputs: [Port("points", "tensor<f32>", .one, "[points, dimensions]")],
    params: [
      Param("size", .int(.positive), default: .int(112), "side of the crop"),
      Param("range", .choice(["auto", "unit", "signed", "pixels"]), default: .string("auto"), "what the numbers mean"),
      Param("dimensions", .int(2...3), default: .int(2), "numbers per point"),
      Param("last", .int(.positive), default: .null, "how many points at the end of the output are taken"),
      Param(
        "pixels", .choice(["corners", "centres"]), default: .string("corners"),
        "what the crop was made with: with centres, 0 is the edge of its first pixel, not the middle"),
    ],
    infer: { facts throws(Fault) in
      let isKnown = facts.attributes.string("range") != "auto"
      let count: Dim = facts.attributes.has("last") ? Dim(facts.attributes.int("last")) : .symbol("?points")
      return [.f32([count, isKnown ? Dim(facts.attributes.int("dimensions")) : .symbol("?dimensions")])]
    },
    action: .host(
      Host { call throws(Fault) in
        let attributes = call.attributes
        let numbers = try call.tensor("values").numbers
        let form = try Form(attributes, numbers.count)
        let (width, range) = (form.width, form.range)
        let matrix = try Affine(call.tensor("matrix"), "matrix")
        let count = form.last ?? numbers.count / width
        guard numbers.count % width == 0, count * width <= numbers.count, count > 0 else {
          throw .outputCount("a list of points", numbers.count, "\(form.last.map { "\($0) times " } ?? "")\(width)")
        }
        let side = Double(attributes.int("size"))
        let half = attributes.string("pixels") == "centres" ? 0.5 : 0
        func inCrop(_ value: Double) -> Double {
          switch range {
          case "unit": value * side
          case "signed": (value + 1) * side / 2
          default: value
          }
        }
        var rows: [Float] = []
        for start in stride(from: numbers.count - count * width, to: numbers.count, by: width) {
          let point = matrix(Point(inCrop(numbers[start]) - half, inCrop(numbers[start + 1]) - half))
          rows += [Float(point.x + half), Float(point.y + half)]
          guard width == 3 else { continue }
          let depth =
            range == "signed" ? numbers[start + 2] * side / 2 : inCrop(numbers[start + 2])
          rows.append(Float(depth * matrix.scale))
        }
        return [.tensor(Tensor(shape: [count, width], rows))]
      }))

  /// What the numbers are: as the params say, or by their count.
  private struct Form {
    var range: String
    var width: Int
    var last: Int?

    init(_ attributes: Attributes, _ count: Int) throws(Fault) {
      (range, width) = (attributes.string("range"), attributes.int("dimensions"))
      last = attributes.has("last") ? attributes.int("last") : nil
      guard range == "auto" else { return }
      switch count {
      case 136: (range, width) = ("unit", 2)
      case 212: (range, width) = ("signed", 2)
      case 3309: (range, width, last) = ("signed", 3, 68)
      default: throw .outputCount("a list of points of no named range", count, "136, 212 or 3309")
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Landmarks.op, $0) }
