import Language
import Tensors

/// Distances of all pairs of labelled embeddings.
public enum PairDistances {
  public static let op = Op(
    "match.pairs",
    doc: """
      The distances of every two embeddings: genuine, of one person by the labels, and impostor, of two. Euclidean, of \
      the embeddings brought to length 1. A photo without a face (an empty list) is left out. 10,000 embeddings are 50 \
      million pairs; more are refused.
      """,
    inputs: [
      Port("embeddings", "any", .one, "a tensor [N, D], or a list of N embeddings or lists of one face each"),
      Port("labels", "list<string>", .one, "whose they are"),
    ],
    outputs: [
      Port("genuine", "tensor<f32>[G]"), Port("impostor", "tensor<f32>[I]"),
      Port("without_face", "int", .one, "how many were left out"),
    ],
    infer: { _ throws(Fault) in [.f32([.symbol("G")]), .f32([.symbol("I")]), .int] },
    action: .host(
      Host { call throws(Fault) in
        let rows = try UnitRows(call.value("embeddings"), "embeddings")
        let labels = try call.strings("labels")
        guard labels.count == rows.count else {
          throw .failed("\(labels.count) labels for \(rows.count) embeddings")
        }
        guard rows.count <= 10_000 else { throw .failed("\(rows.count) embeddings are more than 10000") }
        var numbers: [String: Int] = [:]
        let people = labels.map { label in
          numbers[label]
            ?? {
              numbers[label] = numbers.count; return numbers.count - 1
            }()
        }
        var (genuine, impostor): ([Float], [Float]) = ([], [])
        for a in 0..<rows.count {
          for b in 0..<a {
            guard let distance = rows.distance(a, rows, b) else { continue }
            if people[a] == people[b] { genuine.append(distance) } else { impostor.append(distance) }
          }
        }
        return [
          .tensor(Tensor(shape: [genuine.count], genuine)), .tensor(Tensor(shape: [impostor.count], impostor)),
          .int(rows.missing),
        ]
      }))
}

/// Distances of given pairs.
public enum ListedDistances {
  public static let op = Op(
    "match.distances",
    doc: """
      The distances of a[i] and b[i], for pairs of one person (same is true) and of two. Euclidean, of the embeddings \
      brought to length 1. Pairs with a photo without a face (an empty list) are left out.
      """,
    inputs: [
      Port("a", "any", .one, "a tensor [N, D], or a list of N embeddings or lists of one face each"),
      Port("b", "any", .one, "as many"), Port("same", "list<bool>", .one, "whether both are of one person"),
    ],
    outputs: [
      Port("genuine", "tensor<f32>[G]"), Port("impostor", "tensor<f32>[I]"),
      Port("without_face", "int", .one, "how many pairs were left out"),
    ],
    infer: { _ throws(Fault) in [.f32([.symbol("G")]), .f32([.symbol("I")]), .int] },
    action: .host(
      Host { call throws(Fault) in
        let (a, b) = (try UnitRows(call.value("a"), "a"), try UnitRows(call.value("b"), "b"))
        let same = try call.list("same").map(\.isTrue)
        guard a.count == b.count, same.count == a.count else {
          throw .failed("\(a.count) and \(b.count) embeddings and \(same.count) verdicts do not make pairs")
        }
        guard a.dimension == b.dimension || a.dimension * b.dimension == 0 else {
          throw .facesOfDifferentLength(a.dimension, b.dimension)
        }
        var (genuine, impostor): ([Float], [Float]) = ([], [])
        var missing = 0
        for (index, isSame) in same.enumerated() {
          guard let distance = a.distance(index, b, index) else {
            missing += 1
            continue
          }
          if isSame { genuine.append(distance) } else { impostor.append(distance) }
        }
        return [
          .tensor(Tensor(shape: [genuine.count], genuine)), .tensor(Tensor(shape: [impostor.count], impostor)),
          .int(missing),
        ]
      }))
}

extension Value {
  fileprivate var isTrue: Bool { if case .bool(true) = self { true } else { false } }
}

/// Embeddings of length 1, one after the other; nil stands for a photo without a face.
struct UnitRows {
  private let places: [Int?]
  /// 0 where no photo shows a face.
  let dimension: Int
  private let numbers: [Float]

  var count: Int { places.count }
  var missing: Int { places.count { $0 == nil } }

  init(_ value: Value?, _ port: String) throws(Fault) {
    var rows: [[Double]?] = []
    switch value {
    case .tensor(let tensor)? where tensor.rank == 2:
      let (all, width) = (tensor.numbers, tensor.shape[1])
      rows = (0..<tensor.shape[0]).map { Array(all[$0 * width..<($0 + 1) * width]) }
    case .list(let items)?:
      for (index, item) in items.enumerated() { rows.append(try UnitRows.embedding(item, index, port)) }
    default: throw .wrongValue(port, "tensor [N, D] or list of embeddings", value)
    }
    dimension = rows.lazy.compactMap { $0?.count }.first ?? 0
    var numbers: [Float] = []
    var places: [Int?] = []
    var filled = 0
    for (index, row) in rows.enumerated() {
      guard let row else {
        places.append(nil)
        continue
      }
      guard row.count == dimension else { throw .facesOfDifferentLength(dimension, row.count) }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0, length.isFinite else { throw .failed("embedding \(index) of \(port) has no direction") }
      numbers += row.map { Float($0 / length) }
      places.append(filled)
      filled += 1
    }
    self.numbers = numbers
    self.places = places
  }

  /// An embedding, or the one face of a photo; nil where the photo shows none.
  private static func embedding(_ item: Value, _ index: Int, _ port: String) throws(Fault) -> [Double]? {
    var face = item
    if case .list(let faces) = item {
      guard let first = faces.first else { return nil }
      if case .record = first {
        guard faces.count == 1 else { throw .severalFaces(index, port, faces.count) }
        face = first
      }
    }
    return try EncodedFace(face, port).embedding.map(Double.init)
  }

  /// nil where one of both shows no face.
  func distance(_ row: Int, _ other: UnitRows, _ otherRow: Int) -> Float? {
    guard let a = places[row], let b = other.places[otherRow] else { return nil }
    precondition(dimension == other.dimension, "rows of \(dimension) and \(other.dimension) numbers")
    return numbers.withUnsafeBufferPointer { own in
      other.numbers.withUnsafeBufferPointer { others in
        var sum = 0.0
        for index in 0..<dimension {
          let difference = Double(own[a * dimension + index] - others[b * dimension + index])
          sum += difference * difference
        }
        return Float(sum.squareRoot())
      }
    }
  }
}

extension Fault {
  static func severalFaces(_ index: Int, _ port: String, _ count: Int) -> Fault {
    .failed("photo \(index) of \(port) shows \(count) faces; choose one (face=largest)")
  }
}

@used @section("weft_ops") private let pairsEntry: OpEntry = { Registry.collect(PairDistances.op, $0) }
@used @section("weft_ops") private let listedEntry: OpEntry = { Registry.collect(ListedDistances.op, $0) }
