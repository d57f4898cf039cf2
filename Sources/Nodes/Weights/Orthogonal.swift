import Tensors

/// Orthogonal initial weights (Saxe, McClelland & Ganguli 2014).
enum Orthogonal {
  /// Orthonormalises a random matrix [first extent, product of the rest], by its shorter side, with modified
  /// Gram-Schmidt in Double.
  static func tensor(_ random: Tensor, gain: Double) -> Tensor {
    let rows = random.shape.first ?? 1
    let columns = max(1, random.count / max(1, rows))
    let isWide = columns >= rows
    let (count, length) = isWide ? (rows, columns) : (columns, rows)
    let source = random.elements(Float.self)
    func place(_ vector: Int, _ index: Int) -> Int { isWide ? vector * columns + index : index * columns + vector }
    var vectors = (0..<count).map { vector in (0..<length).map { Double(source[place(vector, $0)]) } }
    for current in 0..<count {
      for earlier in 0..<current {
        let projection = zip(vectors[current], vectors[earlier]).reduce(0) { $0 + $1.0 * $1.1 }
        for index in 0..<length { vectors[current][index] -= projection * vectors[earlier][index] }
      }
      let norm = vectors[current].reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in 0..<length { vectors[current][index] /= max(norm, 1e-12) }
    }
    return Tensor(Float.self, shape: random.shape) { memory in
      for vector in 0..<count {
        for index in 0..<length { memory[place(vector, index)] = Float(gain * vectors[vector][index]) }
      }
    }
  }
}
