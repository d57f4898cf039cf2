import Language
import Tensors

/// How features of windows lie on the features of the whole picture.
enum WindowGrid {
  /// Rows and columns of each tensor of a list.
  static func sizes(_ like: [Value]) throws(Fault) -> [[Int]] {
    var grids: [[Int]] = []
    for value in like {
      guard case .tensor(let tensor) = value, tensor.rank == 4 else {
        throw .wrongValue("like", "list of tensors", value)
      }
      grids.append(Array(tensor.shape.suffix(2)))
    }
    return grids
  }

  /// The largest power of two of which `count` fit into `window` pixels.
  static func stride(_ count: Int, in window: Int) -> Int {
    var stride = 1
    while count > 0, stride * 2 * count <= window { stride *= 2 }
    return stride
  }

  /// For each of `count` elements along a window: its place on the whole picture's features, and whether it is inside.
  static func axis(_ count: Int, _ place: WindowPlan.Place) -> [(place: Int, isInside: Bool)] {
    let stride = stride(count, in: place.window.count)
    return (0..<count).map { index in
      let pixel = place.window.lowerBound + index * stride
      return (pixel / stride, place.inside.contains(pixel))
    }
  }

  /// The shape of one channel of the whole picture's features.
  static func whole(
    _ picture: [Int], _ grid: [Int], _ place: (row: WindowPlan.Place, column: WindowPlan.Place)
  ) -> [Int] {
    [
      1, 1, picture[2] / stride(grid[0], in: place.row.window.count),
      picture[3] / stride(grid[1], in: place.column.window.count),
    ]
  }
}

/// The grids that weights of a whole picture's features have.
public enum WindowsGrid {
  public static let op = Op(
    "tensor.windows_grid",
    doc: """
      For every tensor of "like", features [1, C, h, w] of one window of tensor.windows: zeros [1, 1, H/s, W/s], one for \
      each place where the whole picture has such features; s is the largest power of two with s · h no larger than the \
      window. What nn.region_weights needs where the whole picture's features are never made.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "what was cut, [1, C, H, W]"),
      Port("like", "list<tensor<f32>>", .one, "[1, C, h, w] each"),
    ],
    outputs: [Port("grids", "list<tensor<f32>>")], params: WindowPlan.params,
    infer: { facts throws(Fault) in
      let grid = ValueType.f32([1, 1, .symbol("?h"), .symbol("?w")])
      guard case .tuple(let items) = facts.type("like") else { return [.list(grid)] }
      return [.tuple(items.map { _ in grid })]
    },
    action: .host(
      Host { call throws(Fault) in
        let x = try WindowPlan.picture(call, "x")
        let place = try WindowPlan.of(call, x.shape).places[0]
        let grids = try WindowGrid.sizes(try call.list("like"))
        return [.list(grids.map { .tensor(.zeros(.f32, shape: WindowGrid.whole(x.shape, $0, place))) })]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WindowsGrid.op, $0) }
