import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct WindowsTests {
  private static let settings: [String: Literal] = ["size": 16, "margin": 8, "grid": 4]

  private func picture(_ height: Int, _ width: Int) -> Tensor {
    Tensor(shape: [1, 2, height, width], (0..<2 * height * width).map(Float.init))
  }

  @Test(arguments: [(3, 5), (32, 33), (70, 41), (200, 16)]) func `insides tile the picture, windows keep the grid`(
    _ height: Int, _ width: Int
  ) throws {
    let plan = try WindowPlan(height: height, width: width, size: 16, margin: 8, grid: 4)
    for (extent, places) in [(height, plan.rows), (width, plan.columns)] {
      #expect(places.flatMap { Array($0.inside) } == Array(0..<extent))
      for place in places {
        #expect(place.window.count == places[0].window.count && place.window.upperBound <= extent)
        #expect(place.window.lowerBound % 4 == 0 && (extent - place.window.upperBound) % 4 == 0)
        #expect(place.window.lowerBound == 0 || place.inside.lowerBound - place.window.lowerBound >= 8)
        #expect(place.window.upperBound == extent || place.window.upperBound - place.inside.upperBound >= 8)
      }
    }
  }

  @Test func `windows hold what lies there, and their sum is the adjoint`() throws {
    let x = picture(41, 70)
    let windows = try run(Windows.op, ["x": .tensor(x)], WindowsTests.settings)[0]
    let list = try #require(windows.list)
    let plan = try WindowPlan(height: 41, width: 70, size: 16, margin: 8, grid: 4)
    #expect(list.count == plan.places.count && list.count > 4)
    let (row, column) = plan.places[list.count - 1]
    let last = try #require(list.last?.tensor)
    #expect(last.shape == [1, 2, row.window.count, column.window.count])
    #expect(last.elements(Float.self)[0] == Float(row.window.lowerBound * 70 + column.window.lowerBound))
    // <windows(x), windows(x)> = <x, sum(windows(x))>: every element counts as often as windows hold it.
    let sum = try run(WindowsSum.op, ["windows": windows, "like": .tensor(x)], WindowsTests.settings)[0]
    let inWindows = list.reduce(0.0) { total, window in
      total + window.tensor!.elements(Float.self).reduce(0.0) { $0 + Double($1) * Double($1) }
    }
    let inPicture = zip(x.elements(Float.self), sum.tensor!.elements(Float.self)).reduce(0.0) {
      $0 + Double($1.0) * Double($1.1)
    }
    #expect(inWindows == inPicture)
  }

  @Test func `a window alone is that of all`() throws {
    let x = Value.tensor(picture(41, 70))
    let all = try #require(try run(Windows.op, ["x": x], WindowsTests.settings)[0].list)
    let numbers = try #require(try run(WindowNumbers.op, ["x": x], WindowsTests.settings)[0].list)
    #expect(numbers.compactMap(\.scalar) == all.indices.map(Double.init))
    for (number, window) in zip(numbers, all) {
      let alone = try run(Window.op, ["x": x, "number": number], WindowsTests.settings)[0].tensor
      #expect(
        alone?.shape == window.tensor?.shape && alone?.elements(Float.self) == window.tensor?.elements(Float.self))
    }
    #expect(
      message { _ = try run(Window.op, ["x": x, "number": .int(99)], WindowsTests.settings) }
        == "there is no window 99 of \(all.count)")
    #expect(
      try infer(Window.op, ["x": "tensor<f32>[1,3,41,70]", "number": "int"], WindowsTests.settings) == [
        "tensor<f32>[1,3,33,34]"
      ])
  }

  @Test(arguments: [1, 2, 4]) func `every element of features is inside one window`(_ stride: Int) throws {
    let x = picture(43, 70)
    let plan = try WindowPlan(height: 43, width: 70, size: 16, margin: 8, grid: 4)
    let window = (plan.rows[0].window.count, plan.columns[0].window.count)
    let like = Tensor.zeros(.f32, shape: [1, 5, window.0 / stride, window.1 / stride])
    let inside = try run(
      WindowsInside.op, ["x": .tensor(x), "like": .list([.tensor(like)])], WindowsTests.settings)[0]
    var count = [Int](repeating: 0, count: 43 / stride * (70 / stride))
    for (masks, (row, column)) in zip(try #require(inside.list), plan.places) {
      let mask = try #require(masks.list?.first?.tensor)
      for (index, value) in mask.elements(Float.self).enumerated() where value == 1 {
        let y = row.window.lowerBound / stride + index / mask.shape[3]
        count[y * (70 / stride) + column.window.lowerBound / stride + index % mask.shape[3]] += 1
      }
    }
    #expect(count.allSatisfy { $0 == 1 })
  }

  @Test func `windows that lie inside alike have one mask`() throws {
    let x = picture(43, 150)
    let like = Tensor.zeros(.f32, shape: [1, 1, 35, 38])
    let inside = try run(
      WindowsInside.op, ["x": .tensor(x), "like": .list([.tensor(like)])], WindowsTests.settings)[0]
    let masks = try #require(inside.list).compactMap { $0.list?.first?.tensor }
    let plan = try WindowPlan(height: 43, width: 150, size: 16, margin: 8, grid: 4)
    #expect(masks.count == plan.places.count)
    #expect(Set(masks.map { ObjectIdentifier($0.buffer) }).count == Set(masks.map { $0.elements(Float.self) }).count)
  }

  @Test(arguments: [1, 2, 4]) func `weights of the whole picture's features come in windows`(_ stride: Int) throws {
    let x = picture(43, 70)
    let plan = try WindowPlan(height: 43, width: 70, size: 16, margin: 8, grid: 4)
    let window = (plan.rows[0].window.count, plan.columns[0].window.count)
    let like = Value.list([.tensor(.zeros(.f32, shape: [1, 5, window.0 / stride, window.1 / stride]))])
    let grids = try run(WindowsGrid.op, ["x": .tensor(x), "like": like], WindowsTests.settings)[0]
    let grid = try #require(grids.list?.first?.tensor)
    #expect(grid.shape == [1, 1, 43 / stride, 70 / stride])
    let weights = Tensor(shape: grid.shape, (0..<grid.count).map { Float($0 + 1) })
    let inside = try run(
      WindowsInside.op, ["x": .tensor(x), "like": like, "weights": .list([.tensor(weights)])], WindowsTests.settings)[0]
    var found: [Float] = []
    for masks in try #require(inside.list) {
      found += try #require(masks.list?.first?.tensor).elements(Float.self).filter { $0 > 0 }
    }
    #expect(found.sorted() == weights.elements(Float.self))
    #expect(
      message {
        _ = try run(
          WindowsInside.op, ["x": .tensor(x), "like": like, "weights": .list([.tensor(x)])], WindowsTests.settings)
      }
        == "port \"weights\": element 0 is no f32 tensor \(grid.shape), the grid of the whole picture's features")
  }

  @Test func `what does not fit is named`() {
    let x = Value.tensor(picture(40, 40))
    #expect(
      message { _ = try run(Windows.op, ["x": x], ["size": 10, "margin": 8, "grid": 4]) }
        == "params \"size\" 10 and \"margin\" 8 must be multiples of \"grid\", which is 4")
    #expect(
      message { _ = try run(WindowsSum.op, ["windows": .list([]), "like": x], WindowsTests.settings) }
        == "0 windows where the picture has 9")
    #expect(
      message {
        _ = try run(
          WindowsSum.op, ["windows": .list(Array(repeating: x, count: 9)), "like": x], WindowsTests.settings)
      } == "window 0 is no f32 tensor [1, 2, 32, 32]")
  }
}
