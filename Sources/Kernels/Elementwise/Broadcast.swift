/// Operands of one result shape, each with its own strides (0 where it is repeated). Neighbouring dimensions that
/// every operand walks alike are merged at the start, so that most broadcasts have one or two dimensions left.
public struct Broadcast: Sendable, Hashable {
  /// Sizes after merging, outermost first; at least one.
  public let shape: [Int]
  /// Per operand, the elements from one index to the next in each of `shape`.
  public let strides: [[Int]]

  /// `shape` has rank at most 8; each element of `strides` has its rank.
  public init(shape: [Int], strides: [[Int]]) {
    precondition(shape.count <= 8 && strides.allSatisfy { $0.count == shape.count }, "rank at most 8, one stride each")
    var sizes: [Int] = []
    var steps = strides.map { _ in [Int]() }
    for (d, size) in shape.enumerated() where size != 1 {
      if let last = sizes.indices.last, strides.indices.allSatisfy({ steps[$0][last] == strides[$0][d] * size }) {
        sizes[last] *= size
        for i in strides.indices { steps[i][last] = strides[i][d] }
      } else {
        sizes.append(size)
        for i in strides.indices { steps[i].append(strides[i][d]) }
      }
    }
    if sizes.isEmpty {
      sizes = [1]
      steps = steps.map { _ in [0] }
    }
    self.shape = sizes
    self.strides = steps
  }

  /// Sizes and strides that are merged already.
  init(merged shape: [Int], strides: [[Int]]) {
    self.shape = shape
    self.strides = strides
  }

  /// Dense operands of the given shapes, aligned at the last dimension as NumPy does; a shape has the size 1 or the
  /// result's size in each dimension.
  public init(shape: [Int], operands: [[Int]]) {
    self.init(shape: shape, strides: operands.map { Self.strides(of: $0, in: shape) })
  }

  /// The strides with which a dense operand is walked over a result shape.
  public static func strides(of operand: [Int], in shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: shape.count)
    var step = 1
    for (d, size) in operand.enumerated().reversed() {
      let target = shape.count - operand.count + d
      precondition(size == 1 || size == shape[target], "sizes must be 1 or equal")
      strides[target] = size == 1 ? 0 : step
      step *= size
    }
    return strides
  }

  /// Elements of the result, which is dense.
  public var count: Int { shape.reduce(1, *) }
  /// Rows (runs of the innermost dimension): the unit in which work is split.
  public var rowCount: Int { shape.dropLast().reduce(1, *) }
  public var rowLength: Int { shape[shape.count - 1] }

  /// Calls `body` with the row and the operands' first offsets, for each row of a range.
  @inline(__always)
  func eachRow(_ rows: Range<Int>, _ body: (_ row: Int, _ offset: (Int) -> Int) -> Void) {
    let outer = shape.count - 1
    withUnsafeTemporaryAllocation(of: Int.self, capacity: max(1, outer) + strides.count) { memory in
      let offsets = memory.baseAddress! + max(1, outer)
      var rest = rows.lowerBound
      for i in strides.indices { offsets[i] = 0 }
      for d in (0..<outer).reversed() {
        memory[d] = rest % shape[d]
        rest /= shape[d]
        for i in strides.indices { offsets[i] += memory[d] * strides[i][d] }
      }
      for row in rows {
        body(row) { offsets[$0] }
        var d = outer - 1
        while d >= 0 {
          memory[d] += 1
          for i in strides.indices { offsets[i] += strides[i][d] }
          if memory[d] < shape[d] { break }
          for i in strides.indices { offsets[i] -= strides[i][d] * shape[d] }
          memory[d] = 0
          d -= 1
        }
      }
    }
  }

  /// z = f(x, y), operands 0 and 1, over a range of rows; z is dense.
  public func apply(
    _ function: Binary, rows: Range<Int>, x: UnsafePointer<Float>, y: UnsafePointer<Float>,
    z: UnsafeMutablePointer<Float>
  ) {
    let (length, xStep, yStep) = (rowLength, strides[0].last!, strides[1].last!)
    eachRow(rows) { row, offset in
      function.apply(
        count: length, x: x + offset(0), xStep: xStep, y: y + offset(1), yStep: yStep, z: z + row * length)
    }
  }

  /// z = condition is not 0 ? x : y, operands 0 (condition), 1 and 2, over a range of rows; z is dense.
  public func select(
    rows: Range<Int>, condition: UnsafePointer<Float>, x: UnsafePointer<Float>, y: UnsafePointer<Float>,
    z: UnsafeMutablePointer<Float>
  ) {
    let (length, steps) = (rowLength, strides.map { $0.last! })
    let (c, u, v) = (steps[0], steps[1], steps[2])
    eachRow(rows) { row, offset in
      let (condition, x, y) = (condition + offset(0), x + offset(1), y + offset(2))
      for i in 0..<length { z[row * length + i] = condition[i * c] != 0 ? x[i * u] : y[i * v] }
    }
  }

  /// z = x, operand 0, over a range of rows: broadcasting as a copy; z is dense.
  public func copy(rows: Range<Int>, x: UnsafePointer<Float>, z: UnsafeMutablePointer<Float>) {
    let (length, step) = (rowLength, strides[0].last!)
    eachRow(rows) { row, offset in
      let source = x + offset(0)
      for i in 0..<length { z[row * length + i] = source[i * step] }
    }
  }

  /// dx = the sum of dy over the repetitions of operand 0: the gradient of broadcasting. `dy` is dense with this shape,
  /// dx has `elements` elements and is overwritten. Sums in Double in row order; `scratch` holds `elements` Doubles.
  public func reduce(
    elements: Int, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let sums = scratch.bindMemory(to: Double.self, capacity: elements)
    sums.update(repeating: 0, count: elements)
    let (length, step) = (rowLength, strides[0].last!)
    eachRow(0..<rowCount) { row, offset in
      let (target, source) = (sums + offset(0), dy + row * length)
      if step == 0 {
        target[0] += Slab.sum(source, count: length)
      } else {
        for i in 0..<length { target[i * step] += Double(source[i]) }
      }
    }
    for i in 0..<elements { dx[i] = Float(sums[i]) }
  }
}
