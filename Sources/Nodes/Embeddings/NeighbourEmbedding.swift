import Glibc
import Language
import Tensors

/// Points in the plane whose neighbourhoods are those of vectors.
public enum NeighbourEmbedding {
  public static let op = Op(
    "embed.tsne",
    doc: """
      t-SNE (van der Maaten and Hinton 2008): coordinates [N, 2] for N vectors, exact gradients, momentum 0.5 then 0.8 \
      with gains, early exaggeration 12 for 250 steps. Meant for up to a few thousand vectors.
      """,
    inputs: [Port("x", "any", .one, "[N, D], or a list of N tensors of one size")],
    outputs: [Port("points", "tensor<f32>"), Port("loss", "number")],
    params: [
      Param(
        "perplexity", .number(1...1000), default: .float(30), "how many neighbours count; at most a third of N - 1"),
      Param("steps", .int(0...100_000), default: .int(1000), "gradient steps"),
      Param("lr", .number(0...1e6), default: .float(200), "learning rate"),
    ],
    isRandom: true,
    infer: { facts throws(Fault) in [.f32([facts.tensor("x").shape?.first ?? .symbol("?n"), 2]), .number] },
    action: .host(
      Host { call throws(Fault) in
        let rows = try Vectors(call, "x")
        guard rows.count > 0, rows.values.allSatisfy(\.isFinite) else {
          throw .failed("there are no vectors, or they hold NaN or infinity")
        }
        let perplexity = min(call.attributes.number("perplexity"), max(1, Double(rows.count - 1) / 3))
        var map = NeighbourMap(rows, perplexity: perplexity, seed: call.seed)
        let loss = map.descend(steps: call.attributes.int("steps"), rate: call.attributes.number("lr"))
        return [.tensor(Tensor(shape: [rows.count, 2], map.points.map(Float.init))), .number(loss)]
      }))
}

private struct NeighbourMap {
  let count: Int
  /// Symmetric joint probabilities.
  let joint: [Double]
  var points: [Double]

  init(_ rows: Vectors, perplexity: Double, seed: UInt64) {
    let (n, d) = (rows.count, rows.length)
    count = n
    var squares = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<i {
        var sum = 0.0
        for k in 0..<d {
          let difference = rows.values[i * d + k] - rows.values[j * d + k]
          sum += difference * difference
        }
        (squares[i * n + j], squares[j * n + i]) = (sum, sum)
      }
    }
    var conditional = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      NeighbourMap.row(i, n, squares, perplexity).enumerated().forEach { conditional[i * n + $0] = $1 }
    }
    var joint = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n {
        joint[i * n + j] = max(1e-12, (conditional[i * n + j] + conditional[j * n + i]) / Double(2 * n))
      }
    }
    self.joint = joint
    points = RandomNumbers(seed: seed).normal([2 * n], mean: 0, deviation: 1e-4).numbers
  }

  /// Probabilities of the neighbours of one vector, at the precision whose entropy is the logarithm of the perplexity.
  private static func row(_ i: Int, _ n: Int, _ squares: [Double], _ perplexity: Double) -> [Double] {
    var (low, high, beta) = (0.0, Double.infinity, 1.0)
    var result = [Double](repeating: 0, count: n)
    let nearest = (0..<n).filter { $0 != i }.map { squares[i * n + $0] }.min() ?? 0
    for _ in 0..<100 {
      var (sum, weighted) = (0.0, 0.0)
      for j in 0..<n where j != i {
        // Distances from the nearest: the shift cancels and keeps the exponentials from all being 0.
        let square = squares[i * n + j] - nearest
        result[j] = exp(-square * beta)
        sum += result[j]
        weighted += square * result[j]
      }
      guard sum > 0 else { break }
      let entropy = log(sum) + beta * weighted / sum
      for j in 0..<n { result[j] /= sum }
      let difference = entropy - log(perplexity)
      if abs(difference) < 1e-7 { break }
      if difference > 0 {
        low = beta
        beta = high.isInfinite ? beta * 2 : (beta + high) / 2
      } else {
        high = beta
        beta = (beta + low) / 2
      }
    }
    return result
  }

  /// Kullback-Leibler divergence at the end.
  mutating func descend(steps: Int, rate: Double) -> Double {
    let n = count
    var velocity = [Double](repeating: 0, count: 2 * n)
    var gains = [Double](repeating: 1, count: 2 * n)
    var kernel = [Double](repeating: 0, count: n * n)
    var loss = 0.0
    for step in 0...steps {
      var sum = 0.0
      for i in 0..<n {
        for j in 0..<i {
          let (dx, dy) = (points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1])
          let value = 1 / (1 + dx * dx + dy * dy)
          (kernel[i * n + j], kernel[j * n + i]) = (value, value)
          sum += 2 * value
        }
      }
      if step == steps {
        for index in 0..<n * n where index / n != index % n {
          loss += joint[index] * log(joint[index] / max(1e-12, kernel[index] / max(sum, 1e-300)))
        }
        break
      }
      let exaggeration = step < 250 ? 12.0 : 1
      let momentum = step < 250 ? 0.5 : 0.8
      var gradient = [Double](repeating: 0, count: 2 * n)
      for i in 0..<n {
        for j in 0..<n where j != i {
          let force = 4 * (exaggeration * joint[i * n + j] - kernel[i * n + j] / sum) * kernel[i * n + j]
          gradient[2 * i] += force * (points[2 * i] - points[2 * j])
          gradient[2 * i + 1] += force * (points[2 * i + 1] - points[2 * j + 1])
        }
      }
      for index in gradient.indices {
        let agrees = (gradient[index] > 0) == (velocity[index] > 0)
        gains[index] = max(0.01, agrees ? gains[index] * 0.8 : gains[index] + 0.2)
        velocity[index] = momentum * velocity[index] - rate * gains[index] * gradient[index]
        points[index] += velocity[index]
      }
      for axis in 0..<2 {
        let mean = (0..<n).reduce(0.0) { $0 + points[2 * $1 + axis] } / Double(n)
        for i in 0..<n { points[2 * i + axis] -= mean }
      }
    }
    return loss
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(NeighbourEmbedding.op, $0) }
