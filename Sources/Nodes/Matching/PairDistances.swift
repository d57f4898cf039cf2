import Language
import Tensors

/// Distances of all pairs of labelled embeddings.
public enum PairDistances {
  public static let op = Op(
    "match.pairs",
    doc: """
      The distances of every two embeddings: genuine, of one person by the labels, and impostor, of two. Euclidean, of \
      the embeddings brought to length 1. 10,000 embeddings are 50 million pairs; more are refused.
      """,
    inputs: [
      Port("embeddings", "any", .one, "a tensor [N, D] or a list of N embeddings"),
      Port("labels", "list<string>", .one, "whose they are"),
    ],
    outputs: [Port("genuine", "tensor<f32>[G]"), Port("impostor", "tensor<f32>[I]")],
    infer: { _ throws(Fault) in [.f32([.symbol("G")]), .f32([.symbol("I")])] },
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
            let distance = rows.distance(a, rows, b)
            if people[a] == people[b] { genuine.append(distance) } else { impostor.append(distance) }
          }
        }
        return [
          .tensor(Tensor(shape: [genuine.count], genuine)), .tensor(Tensor(shape: [impostor.count], impostor)),
        ]
      }))
}

/// Distances of given pairs.
public enum ListedDistances {
  public static let op = Op(
    "match.distances",
    doc: """
      The distances of a[i] and b[i], for pairs of one person (same is true) and of two. Euclidean, of the embeddings \
      brought to length 1.
      """,
    inputs: [
      Port("a", "any", .one, "a tensor [N, D] or a list of N embeddings"), Port("b", "any", .one, "as many"),
      Port("same", "list<bool>", .one, "whether both are of one person"),
    ],
    outputs: [Port("genuine", "tensor<f32>[G]"), Port("impostor", "tensor<f32>[I]")],
    infer: { _ throws(Fault) in [.f32([.symbol("G")]), .f32([.symbol("I")])] },
    action: .host(
      Host { call throws(Fault) in
        let (a, b) = (try UnitRows(call.value("a"), "a"), try UnitRows(call.value("b"), "b"))
        let same = try call.list("same").map(\.isTrue)
        guard a.count == b.count, same.count == a.count else {
          throw .failed("\(a.count) and \(b.count) embeddings and \(same.count) verdicts do not make pairs")
        }
        var (genuine, impostor): ([Float], [Float]) = ([], [])
        for (index, isSame) in same.enumerated() {
          let distance = a.distance(index, b, index)
          if isSame { genuine.append(distance) } else { impostor.append(distance) }
        }
        return [
          .tensor(Tensor(shape: [genuine.count], genuine)), .tensor(Tensor(shape: [impostor.count], impostor)),
        ]
      }))
}

extension Value {
  fileprivate var isTrue: Bool { if case .bool(true) = self { true } else { false } }
}

/// Embeddings of length 1, one after the other.
struct UnitRows {
  let count: Int
  private let dimension: Int
  private let numbers: [Float]

  init(_ value: Value?, _ port: String) throws(Fault) {
    var rows: [[Double]] = []
    switch value {
    case .tensor(let tensor)? where tensor.rank == 2:
      let (all, width) = (tensor.numbers, tensor.shape[1])
      rows = (0..<tensor.shape[0]).map { Array(all[$0 * width..<($0 + 1) * width]) }
    case .list(let items)?:
      for item in items { rows.append(try EncodedFace(item, port).embedding.map(Double.init)) }
    default: throw .wrongValue(port, "tensor [N, D] or list of embeddings", value)
    }
    count = rows.count
    dimension = rows.first?.count ?? 0
    var numbers: [Float] = []
    for (index, row) in rows.enumerated() {
      guard row.count == dimension else { throw .facesOfDifferentLength(dimension, row.count) }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0, length.isFinite else { throw .failed("embedding \(index) of \(port) has no direction") }
      numbers += row.map { Float($0 / length) }
    }
    self.numbers = numbers
  }

  func distance(_ row: Int, _ other: UnitRows, _ otherRow: Int) -> Float {
    precondition(dimension == other.dimension, "rows of \(dimension) and \(other.dimension) numbers")
    return numbers.withUnsafeBufferPointer { a in
      other.numbers.withUnsafeBufferPointer { b in
        var sum = 0.0
        for index in 0..<dimension {
          let difference = Double(a[row * dimension + index] - b[otherRow * dimension + index])
          sum += difference * difference
        }
        return Float(sum.squareRoot())
      }
    }
  }
}

@used @section("weft_ops") private let pairsEntry: OpEntry = { Registry.collect(PairDistances.op, $0) }
@used @section("weft_ops") private let listedEntry: OpEntry = { Registry.collect(ListedDistances.op, $0) }
