import Language
import Tensors

/// Puts features of windows together to those of the whole picture.
public enum WindowsJoin {
  public static let op = Op(
    "tensor.windows_join",
    doc: """
      The features of a whole picture, [1, C, H/s, W/s], made of those of its windows (tensor.windows), [1, C, h, w] \
      each: of every window the elements that belong to its inside. s is the largest power of two with s · h no larger \
      than the window.
      """,
    inputs: [
      Port("windows", "list<tensor<f32>>", .one, "features of every window, row by row"),
      Port("x", "tensor<f32>", .one, "what was cut, [1, C, H, W]"),
    ],
    outputs: [Port("y", "tensor<f32>")], params: WindowPlan.params,
    infer: { facts throws(Fault) in
      guard case .list(let element) = facts.type("windows"), let shape = element.tensor?.shape, shape.count == 4 else {
        return [.f32([1, .symbol("?c"), .symbol("?h"), .symbol("?w")])]
      }
      guard let plan = try WindowPlan.known(facts), let picture = facts.tensor("x").shape,
        let height = shape[2].value, let width = shape[3].value, let rows = picture[2].value,
        let columns = picture[3].value
      else { return [.f32([1, shape[1], .symbol("?h"), .symbol("?w")])] }
      let strides = (
        WindowGrid.stride(height, in: plan.rows[0].window.count),
        WindowGrid.stride(width, in: plan.columns[0].window.count)
      )
      return [.f32([1, shape[1], Dim(rows / strides.0), Dim(columns / strides.1)])]
    },
    action: .host(
      Host { call throws(Fault) in
        let x = try WindowPlan.picture(call, "x")
        let places = try WindowPlan.of(call, x.shape).places
        let windows = try call.list("windows")
        guard windows.count == places.count, case .tensor(let first)? = windows.first, first.rank == 4 else {
          throw .windowsToJoin(windows.count, places.count)
        }
        let (channels, rows, columns) = (first.shape[1], first.shape[2], first.shape[3])
        let whole = WindowGrid.whole(x.shape, [rows, columns], places[0])
        var features = [Float](repeating: 0, count: channels * whole[2] * whole[3])
        for (index, (row, column)) in places.enumerated() {
          guard case .tensor(let window) = windows[index], window.shape == first.shape, window.dtype == .f32 else {
            throw .windowToJoin(index, first.shape)
          }
          let down = WindowGrid.axis(rows, row).enumerated().filter(\.element.isInside)
          let along = WindowGrid.axis(columns, column).enumerated().filter(\.element.isInside)
          window.withElements(Float.self) { source in
            for channel in 0..<channels {
              for y in down {
                let from = (channel * rows + y.offset) * columns
                let to = (channel * whole[2] + y.element.place) * whole[3]
                for z in along { features[to + z.element.place] = source[from + z.offset] }
              }
            }
          }
        }
        return [.tensor(Tensor(shape: [1, channels, whole[2], whole[3]], features))]
      }))
}

extension Fault {
  fileprivate static func windowsToJoin(_ count: Int, _ wanted: Int) -> Fault {
    .failed("port \"windows\": \(count) tensors where the picture has \(wanted) windows")
  }

  fileprivate static func windowToJoin(_ index: Int, _ shape: [Int]) -> Fault {
    .failed("port \"windows\": element \(index) is no f32 tensor \(shape), as the first is")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WindowsJoin.op, $0) }
