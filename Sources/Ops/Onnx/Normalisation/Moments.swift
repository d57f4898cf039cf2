/// Mean and population variance, computed in Double in two passes.
struct Moments {
  let mean: Double
  let variance: Double

  init(_ values: some Sequence<Double>) {
    var (sum, count) = (0.0, 0.0)
    for value in values {
      sum += value
      count += 1
    }
    let mean = sum / count
    var squares = 0.0
    for value in values { squares += (value - mean) * (value - mean) }
    self.mean = mean
    variance = squares / count
  }
}
