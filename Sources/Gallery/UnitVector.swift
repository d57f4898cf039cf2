/// Embeddings brought to length 1.
enum UnitVector {
  /// nil for an embedding that has no direction: zero, infinite or NaN. The sums are in Double.
  static func of(_ embedding: [Float]) -> [Float]? {
    let length = embedding.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length.isFinite, length > 1e-20 else { return nil }
    return embedding.map { Float(Double($0) / length) }
  }

  static func dot(_ a: [Float], _ b: [Float]) -> Double {
    a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { dot(a, $0) } }
  }

  static func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double {
    var sum = 0.0
    for index in 0..<min(a.count, b.count) { sum += Double(a[index]) * Double(b[index]) }
    return sum
  }

  /// The direction of the mean of unit vectors; nil when they cancel out.
  static func mean(_ vectors: [[Float]]) -> [Float]? {
    guard let count = vectors.first?.count else { return nil }
    var sum = Array(repeating: 0.0, count: count)
    for vector in vectors { for index in 0..<count { sum[index] += Double(vector[index]) } }
    return of(sum.map { Float($0 / Double(vectors.count)) })
  }
}
