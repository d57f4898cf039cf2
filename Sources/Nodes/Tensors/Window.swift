import Language
import Tensors

/// One window of a picture, so that the others need no memory meanwhile.
public enum Window {
  public static let op = Op(
    "tensor.window",
    doc: """
      The window of tensor.windows with the given number, alone: for maps over the numbers that tensor.window_numbers \
      gives, which then hold one window at a time.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[1, C, H, W]"), Port("number", "int", .one, "from 0, row by row")],
    outputs: [Port("window", "tensor<f32>")], params: WindowPlan.params,
    infer: { facts throws(Fault) in [try WindowPlan.type(facts)] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let x = try WindowPlan.picture(call, "x")
        let places = try WindowPlan.of(call, x.shape).places
        let number = Int(try call.number("number"))
        guard places.indices.contains(number) else { throw .noSuchWindow(number, places.count) }
        return [.tensor(WindowPlan.cut(x, places[number].row.window, places[number].column.window))]
      }))
}

extension WindowPlan {
  /// The plan of the picture at port x, where its extents are known before the run.
  static func known(_ facts: Facts) throws(Fault) -> WindowPlan? {
    guard let shape = facts.tensor("x").shape, shape.count == 4, let height = shape[2].value,
      let width = shape[3].value, height > 0, width > 0
    else { return nil }
    return try WindowPlan(
      height: height, width: width, size: facts.attributes.int("size"), margin: facts.attributes.int("margin"),
      grid: facts.attributes.int("grid"))
  }

  /// What a window is.
  static func type(_ facts: Facts) throws(Fault) -> ValueType {
    let type = facts.tensor("x")
    if let shape = type.shape, shape.count != 4 { throw .shape("x has \(shape.count) dimensions; 4 are needed") }
    let channels = type.shape?[1] ?? .symbol("?c")
    guard let plan = try known(facts) else { return .f32([1, channels, .symbol("?h"), .symbol("?w")], type.meaning) }
    let (height, width) = (Dim(plan.rows[0].window.count), Dim(plan.columns[0].window.count))
    return .f32([1, channels, height, width], type.meaning)
  }

  /// A part of every channel.
  static func cut(_ x: Tensor, _ rows: Range<Int>, _ columns: Range<Int>) -> Tensor {
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    return Tensor(Float.self, shape: [1, channels, rows.count, columns.count]) { memory in
      x.withElements(Float.self) { source in
        for channel in 0..<channels {
          for (index, y) in rows.enumerated() {
            let from = source.baseAddress! + (channel * height + y) * width + columns.lowerBound
            let to = memory.baseAddress! + (channel * rows.count + index) * columns.count
            to.initialize(from: from, count: columns.count)
          }
        }
      }
    }
  }
}

extension Fault {
  fileprivate static func noSuchWindow(_ number: Int, _ count: Int) -> Fault {
    .failed("there is no window \(number) of \(count)")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Window.op, $0) }
