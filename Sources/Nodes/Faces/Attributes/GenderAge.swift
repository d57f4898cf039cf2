import Language

/// Reads gender and age from the output of an attribute network.
public enum GenderAge {
  public static let op = Op(
    "face.gender_age",
    doc: """
      Gender (F or M) and age in years from the output of an attribute network. 3 numbers (InsightFace's genderage): \
      female, male, age / 100. 202 numbers (its first version): female, male, then 100 pairs, of which those count whose \
      second is the greater. 101 numbers: probabilities of the ages 0...100, whose mean is the age; gender is absent.
      """,
    inputs: [Port("values", "tensor<f32>", .one, "The network's output for one face.")],
    outputs: [Port("gender", "string?"), Port("age", "number")],
    infer: { _ throws(Fault) in [.optional(.string), .number] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let numbers = try call.tensor("values").numbers
        // The first of equal ones, as argmax takes it.
        let gender = numbers.count > 1 && numbers[1] > numbers[0] ? "M" : "F"
        switch numbers.count {
        case 3: return [.string(gender), .int(Int((100 * numbers[2]).rounded(.toNearestOrEven)))]
        case 202:
          let years = stride(from: 2, to: 202, by: 2).count { numbers[$0 + 1] > numbers[$0] }
          return [.string(gender), .int(years)]
        case 101: return [.none, .number(numbers.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element })]
        default: throw .outputCount("gender and age", numbers.count, "3, 101 or 202")
        }
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GenderAge.op, $0) }
