import Language
import Tensors

/// The door of the Happy House: one face against a list of people.
public enum RecognisePerson {
  public static let op = Op(
    "face.recognise",
    doc: """
      Compares an embedding with those of people by Euclidean distance, as it comes: verify with the person of the given \
      name, who_is_it with everybody. match is true below the threshold; the messages are those of deeplearning.ai's Face \
      Recognition for the Happy House.
      """,
    inputs: [
      Port("code", "tensor", .one, "the embedding of the face at the door"),
      Port("codes", "list<tensor>", .one, "embeddings of people"), Port("names", "list<string>", .one, "their names"),
      Port("name", "string?", .optional, "who the face claims to be; for verify"),
    ],
    outputs: [
      Port("distance", "number"), Port("match", "bool"), Port("name", "string", .one, "the person compared with"),
      Port("message", "string"),
    ],
    params: [
      Param("mode", .choice(["verify", "who_is_it"]), default: .string("verify"), "1:1 or 1:N"),
      Param("threshold", .number(.natural), default: .float(0.7), "distances below it are of one person"),
    ],
    infer: { facts throws(Fault) in
      if facts.attributes.string("mode") == "verify", !facts.isConnected("name") {
        throw .params("mode verify needs the input \"name\"")
      }
      return [.number, .bool, .string, .string]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let code = try call.tensor("code").numbers
        var codes: [[Double]] = []
        for value in try call.list("codes") {
          guard case .tensor(let tensor) = value else { throw .wrongValue("codes", "list of tensors", value) }
          guard tensor.count == code.count else { throw .facesOfDifferentLength(code.count, tensor.count) }
          codes.append(tensor.numbers)
        }
        let names = try call.strings("names")
        guard names.count == codes.count else { throw .failed("\(names.count) names for \(codes.count) embeddings") }
        guard !names.isEmpty else { throw .failed("there is nobody to compare with") }
        let distances = codes.map { distance(code, $0) }
        let threshold = call.attributes.number("threshold")
        guard call.attributes.string("mode") == "verify" else {
          let nearest = distances.indices.min { distances[$0] < distances[$1] }!
          // The course compares the other way round here: a distance of exactly the threshold is still in.
          let isKnown = distances[nearest] <= threshold
          return [
            .number(distances[nearest]), .bool(isKnown), .string(names[nearest]),
            .string(DoorMessage.recognised(isKnown ? names[nearest] : nil, distances[nearest])),
          ]
        }
        guard case .string(let name)? = call.value("name") else {
          throw .wrongValue("name", "string", call.value("name"))
        }
        guard let place = names.firstIndex(of: name) else { throw .unknownPerson(name, names) }
        let isMatch = distances[place] < threshold
        return [
          .number(distances[place]), .bool(isMatch), .string(name), .string(DoorMessage.verified(name, isMatch)),
        ]
      }))

  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }
}

extension Fault {
  static func unknownPerson(_ name: String, _ names: [String]) -> Fault {
    .failed(
      "nobody is called \"\(name)\"\(Suggestion.phrase(for: name, in: names)); there are \(names.joined(separator: ", "))"
    )
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(RecognisePerson.op, $0) }
