/// Pools as plain loops in Double over [planes, height, width].
struct NaivePool {
  var height: Int
  var width: Int
  var kernel: (Int, Int)
  var stride: (Int, Int)
  /// Top, left, bottom, right.
  var pads = (0, 0, 0, 0)
  var output: (Int, Int)

  /// `combine` gets the elements of a window that lie inside, and how many of its places lie inside the padded input.
  func map(_ x: [Float], _ combine: ([Double], Int) -> Double) -> [Double] {
    var result: [Double] = []
    for plane in 0..<x.count / (height * width) {
      for oy in 0..<output.0 {
        for ox in 0..<output.1 {
          var inside: [Double] = []
          var places = 0
          for ky in 0..<kernel.0 {
            for kx in 0..<kernel.1 {
              let (y, column) = (oy * stride.0 + ky - pads.0, ox * stride.1 + kx - pads.1)
              guard y < height + pads.2, column < width + pads.3 else { continue }
              places += 1
              guard y >= 0, y < height, column >= 0, column < width else { continue }
              inside.append(Double(x[(plane * height + y) * width + column]))
            }
          }
          result.append(combine(inside, places))
        }
      }
    }
    return result
  }
}
