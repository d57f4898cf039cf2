import Images
import Glibc
import Tensors

/// What a detector without anchors should answer to a scene, by cell, level after level: row 0 is 1 where a face's
/// middle is (the middle fifth of it, at least one cell; Tian et al., "FCOS", ICCV 2019, with centre sampling), row 1
/// how much the cell counts as face or none (0 around the middle, where both would be right), rows 2...5 the box and
/// 6...15 the points, as YuNet writes them: offsets from the cell's corner and the logarithm of the size, in strides.
enum SceneTargets {
  static let rows = 16

  /// [16, cells].
  static func tensor(_ targets: [Scene.Target], _ settings: SceneSettings) -> Tensor {
    let cells = settings.cells
    return Tensor(Float.self, shape: [rows, cells]) { memory in
      for index in memory.indices { memory[index] = index / cells == 1 ? 1 : 0 }
      var first = 0
      for (level, stride) in settings.strides.enumerated() {
        let side = settings.size / stride
        for target in targets {
          let isOwn = settings.sides(level).contains(target.side)
          for row in 0..<side {
            for column in 0..<side {
              write(target, isOwn, row, column, Double(stride), first + row * side + column, cells, memory)
            }
          }
        }
        first += side * side
      }
    }
  }

  private static func write(
    _ target: Scene.Target, _ isOwn: Bool, _ row: Int, _ column: Int, _ stride: Double, _ cell: Int, _ cells: Int,
    _ memory: UnsafeMutableBufferPointer<Float>
  ) {
    let (box, side) = (target.box, target.side)
    let distance = max(
      abs((Double(column) + 0.5) * stride - box.centre.x), abs((Double(row) + 0.5) * stride - box.centre.y))
    guard distance <= max(0.35 * side, stride) else { return }
    guard isOwn, distance <= max(0.2 * side, stride / 2) else {
      if memory[cell] == 0 { memory[cells + cell] = 0 }
      return
    }
    let (x, y) = (Double(column) * stride, Double(row) * stride)
    var values = [
      1, 1, (box.centre.x - x) / stride, (box.centre.y - y) / stride, log(box.width / stride), log(box.height / stride),
    ]
    for point in target.points { values += [(point.x - x) / stride, (point.y - y) / stride] }
    for (index, value) in values.enumerated() { memory[index * cells + cell] = Float(value) }
  }
}
