import Language
import Tensors

/// Where a picture is cut into windows of one size that lie wholly inside it.
///
/// A network sees a window as it sees the whole picture, but near the window's inner borders: so each window answers for
/// a part of the picture only (its inside), which is at least `margin` away from them; the insides tile the picture.
/// Windows begin at multiples of `grid`, and what is left of an extent after them is a multiple as well, so that pools
/// of that total stride fall as they fall on the whole picture.
struct WindowPlan: Sendable {
  struct Place: Sendable, Hashable {
    let window: Range<Int>
    let inside: Range<Int>
  }

  let rows: [Place]
  let columns: [Place]

  init(height: Int, width: Int, size: Int, margin: Int, grid: Int) throws(Fault) {
    guard size % grid == 0, margin % grid == 0 else { throw .windowsOffGrid(size: size, margin: margin, grid: grid) }
    rows = WindowPlan.places(height, size, margin, grid)
    columns = WindowPlan.places(width, size, margin, grid)
  }

  private static func places(_ extent: Int, _ size: Int, _ margin: Int, _ grid: Int) -> [Place] {
    let least = size + 2 * margin
    let length = extent <= least ? extent : least + (extent - least) % grid
    guard length < extent else { return [Place(window: 0..<extent, inside: 0..<extent)] }
    return stride(from: 0, to: extent, by: size).map { start in
      let begin = min(max(0, start - margin), extent - length)
      return Place(window: begin..<begin + length, inside: start..<min(start + size, extent))
    }
  }

  /// Every window with its rows and columns, row by row.
  var places: [(row: Place, column: Place)] {
    rows.flatMap { row in columns.map { (row, $0) } }
  }

  static let params = [
    Param("size", .int(1...65536), default: .int(512), "pixels along the inside of a window, a multiple of grid"),
    Param(
      "margin", .int(0...4096), default: .int(128), "pixels around it that a network may look at, a multiple of grid"),
    Param("grid", .int(1...1024), default: .int(16), "total stride of the network's pools"),
  ]

  static func of(_ call: HostCall, _ shape: [Int]) throws(Fault) -> WindowPlan {
    try WindowPlan(
      height: shape[2], width: shape[3], size: call.attributes.int("size"), margin: call.attributes.int("margin"),
      grid: call.attributes.int("grid"))
  }

  static func picture(_ call: HostCall, _ port: String) throws(Fault) -> Tensor {
    let x = try call.tensor(port)
    guard x.rank == 4, x.shape[0] == 1, x.dtype == .f32 else { throw .noPicture(port, x) }
    return x
  }
}

/// Cuts a picture tensor into windows.
public enum Windows {
  public static let op = Op(
    "tensor.windows",
    doc: """
      Cuts [1, C, H, W] into overlapping windows of one size inside the picture, row by row: what is done to each needs \
      the memory of one. Each answers for its inside, at most size × size and at least margin away from where it was cut; \
      the insides tile the picture (tensor.windows_inside says where they are). A network sees the inside of a window as \
      in the whole picture if it looks no further than margin and its strides multiply to a divisor of grid. \
      tensor.windows_sum is the adjoint.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[1, C, H, W]")], outputs: [Port("windows", "list<tensor<f32>>")],
    params: WindowPlan.params,
    infer: { facts throws(Fault) in
      [.list(try WindowPlan.type(facts))]
    },
    action: .host(
      Host { call throws(Fault) in
        let x = try WindowPlan.picture(call, "x")
        let windows = try WindowPlan.of(call, x.shape).places.map { row, column in
          Value.tensor(WindowPlan.cut(x, row.window, column.window))
        }
        return [.list(windows)]
      }))
}

/// Puts what was computed for windows together.
public enum WindowsSum {
  public static let op = Op(
    "tensor.windows_sum",
    doc: """
      The sum of windows in their places, [1, C, H, W]: the gradient by a picture, from the gradients by its windows. The \
      order of the sum is that of the windows.
      """,
    inputs: [
      Port("windows", "list<tensor<f32>>"), Port("like", "tensor<f32>", .one, "what was cut, [1, C, H, W]"),
    ],
    outputs: [Port("x", "tensor<f32>")], params: WindowPlan.params,
    infer: { facts throws(Fault) in [.f32(facts.tensor("like").shape)] },
    action: .host(
      Host { call throws(Fault) in
        let like = try WindowPlan.picture(call, "like")
        let (channels, height, width) = (like.shape[1], like.shape[2], like.shape[3])
        let places = try WindowPlan.of(call, like.shape).places
        let windows = try call.list("windows")
        guard windows.count == places.count else { throw .windowCount(windows.count, places.count) }
        let result = Tensor.zeros(.f32, shape: like.shape)
        let sum = (result.buffer.bytes + result.offset).assumingMemoryBound(to: Float.self)
        for (index, (row, column)) in places.enumerated() {
          let shape = [1, channels, row.window.count, column.window.count]
          guard case .tensor(let window) = windows[index], window.shape == shape, window.dtype == .f32 else {
            throw .wrongWindow(index, shape)
          }
          window.withElements(Float.self) { source in
            var from = 0
            for channel in 0..<channels {
              for y in row.window {
                let to = (channel * height + y) * width + column.window.lowerBound
                for x in 0..<column.window.count { sum[to + x] += source[from + x] }
                from += column.window.count
              }
            }
          }
        }
        return [.tensor(result)]
      }))
}

/// Which elements of features lie inside their windows.
public enum WindowsInside {
  public static let op = Op(
    "tensor.windows_inside",
    doc: """
      For every window of a picture, for every tensor of "like" (features of one window): 1 where an element belongs to \
      the window's inside, else 0, [1, 1, h, w]. Element i of features of stride s belongs where pixel i · s does; s is \
      the largest power of two with s · h no larger than the window. Added up over the windows, every element of the \
      whole picture's features counts once. With "weights", what those say takes the place of 1.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "what was cut, [1, C, H, W]"),
      Port("like", "list<tensor<f32>>", .one, "[1, C, h, w] each"),
      Port(
        "weights", "list<tensor<f32>>", .optional, "of the whole picture's features, [1, 1, H/s, W/s] for each of like"),
    ],
    outputs: [Port("inside", "list<list<tensor<f32>>>")], params: WindowPlan.params,
    infer: { facts throws(Fault) in
      let mask = ValueType.f32([1, 1, .symbol("?h"), .symbol("?w")])
      guard case .tuple(let items) = facts.type("like") else { return [.list(.list(mask))] }
      let masks = ValueType.tuple(
        items.map { item in
          guard let shape = item.tensor?.shape, shape.count == 4 else { return mask }
          return .f32([1, 1, shape[2], shape[3]])
        })
      // Written out one by one only where every window has masks of its own that take memory to plan for.
      guard facts.isConnected("weights"), let plan = try WindowPlan.known(facts), plan.places.count > 64 else {
        return [.list(masks)]
      }
      return [.tuple(Array(repeating: masks, count: plan.places.count))]
    },
    action: .host(
      Host { call throws(Fault) in
        let x = try WindowPlan.picture(call, "x")
        let places = try WindowPlan.of(call, x.shape).places
        let grids = try WindowGrid.sizes(try call.list("like"))
        var weights: [Tensor?] = grids.map { _ in nil }
        if call.value("weights") != nil {
          let given = try call.list("weights")
          guard given.count == grids.count else { throw .weightCount(given.count, grids.count) }
          for (index, grid) in grids.enumerated() {
            let shape = WindowGrid.whole(x.shape, grid, places[0])
            guard case .tensor(let tensor) = given[index], tensor.shape == shape, tensor.dtype == .f32 else {
              throw .wrongWeights(index, shape)
            }
            weights[index] = tensor
          }
        }
        // Most windows of a large picture lie inside it alike.
        var known: [Pattern: Tensor] = [:]
        let masks = places.map { row, column in
          Value.list(
            zip(grids, weights).map { grid, weights in
              let (rows, columns) = (WindowGrid.axis(grid[0], row), WindowGrid.axis(grid[1], column))
              if let weights { return .tensor(mask(rows, columns, weights)) }
              let pattern = Pattern(rows: rows.map(\.isInside), columns: columns.map(\.isInside))
              let mask = known[pattern] ?? mask(rows, columns, nil)
              known[pattern] = mask
              return .tensor(mask)
            })
        }
        return [.list(masks)]
      }))

  /// Which rows and columns of a window's features are inside.
  private struct Pattern: Hashable {
    let rows: [Bool]
    let columns: [Bool]
  }

  private static func mask(
    _ rows: [(place: Int, isInside: Bool)], _ columns: [(place: Int, isInside: Bool)], _ weights: Tensor?
  ) -> Tensor {
    let values = weights?.elements(Float.self)
    var mask: [Float] = []
    for (y, isIn) in rows {
      for (x, isAlsoIn) in columns {
        let value = weights.flatMap { weights in values?[y * weights.shape[3] + x] } ?? 1
        mask.append(isIn && isAlsoIn ? value : 0)
      }
    }
    return Tensor(shape: [1, 1, rows.count, columns.count], mask)
  }
}

extension Fault {
  fileprivate static func windowsOffGrid(size: Int, margin: Int, grid: Int) -> Fault {
    .params("params \"size\" \(size) and \"margin\" \(margin) must be multiples of \"grid\", which is \(grid)")
  }

  fileprivate static func noPicture(_ port: String, _ x: Tensor) -> Fault {
    .failed("port \"\(port)\" needs one picture [1, C, H, W] of f32, but \(x.dtype.rawValue)\(x.shape) arrived")
  }

  fileprivate static func windowCount(_ count: Int, _ wanted: Int) -> Fault {
    .failed("\(count) windows where the picture has \(wanted)")
  }

  fileprivate static func weightCount(_ count: Int, _ wanted: Int) -> Fault {
    .failed("port \"weights\": \(count) tensors for features at \(wanted) layers")
  }

  fileprivate static func wrongWeights(_ index: Int, _ shape: [Int]) -> Fault {
    .failed("port \"weights\": element \(index) is no f32 tensor \(shape), the grid of the whole picture's features")
  }

  fileprivate static func wrongWindow(_ index: Int, _ shape: [Int]) -> Fault {
    .failed("window \(index) is no f32 tensor \(shape)")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Windows.op, $0) }
@used @section("weft_ops") private let sumEntry: OpEntry = { Registry.collect(WindowsSum.op, $0) }
@used @section("weft_ops") private let insideEntry: OpEntry = { Registry.collect(WindowsInside.op, $0) }
