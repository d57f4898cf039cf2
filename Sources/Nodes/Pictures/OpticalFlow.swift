import Language
import Tensors

/// How a picture's content has moved.
public enum OpticalFlow {
  public static let op = Op(
    "image.flow",
    doc: """
      Where every pixel of "image" was in "before": flow [1, 2, H, W] holds, in pixels, what to add to x (first plane) and \
      y. Dense pyramidal Lucas-Kanade (Bouguet 2000, with a window about every pixel): exact for what moves smoothly and \
      less than a few tens of pixels. reliable [1, 1, H, W] is 1 where the flow back from there returns, |u + v|² < \
      0.01 (|u|² + |v|²) + 0.5, and the place is inside the picture; else 0 (Ruder et al. 2016, section 4.1).
      """,
    inputs: [Port("image", "image"), Port("before", "image", .one, "of the same size")],
    outputs: [Port("flow", "tensor<f32>"), Port("reliable", "tensor<f32>")],
    params: [
      Param("window", .int(1...64), default: .int(5), "pixels around each pixel that move with it"),
      Param("rounds", .int(1...100), default: .int(5), "of improvement at each size"),
    ],
    infer: { facts throws(Fault) in
      let size = facts.image("image")
      return [.f32([1, 2, size.height, size.width]), .f32([1, 1, size.height, size.width])]
    },
    action: .host(
      Host { call throws(Fault) in
        let (now, before) = (Plane(try call.image("image")), Plane(try call.image("before")))
        guard now.width == before.width, now.height == before.height else {
          throw .flowSizes([now.height, now.width], [before.height, before.width])
        }
        let (window, rounds) = (call.attributes.int("window"), call.attributes.int("rounds"))
        let forth = Flow.estimate(now, before, window: window, rounds: rounds)
        let back = Flow.estimate(before, now, window: window, rounds: rounds)
        return [
          .tensor(Tensor(shape: [1, 2, now.height, now.width], forth.x.values + forth.y.values)),
          .tensor(Tensor(shape: [1, 1, now.height, now.width], forth.agreement(back))),
        ]
      }))
}

/// Moves what a picture holds.
public enum Displace {
  public static let op = Op(
    "tensor.displace",
    doc: """
      y at a pixel is x at the place that flow points to from there, bilinearly; beyond the edge the edge repeats. With the \
      flow of image.flow: the frame before, as it would look now.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "[1, C, H, W]"), Port("flow", "tensor<f32>", .one, "[1, 2, H, W], in pixels"),
    ],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .host(
      Host { call throws(Fault) in
        let (x, flow) = (try call.tensor("x"), try call.tensor("flow"))
        guard x.rank == 4, x.dtype == .f32, flow.dtype == .f32, flow.shape == [1, 2, x.shape[2], x.shape[3]] else {
          throw .flowSizes(flow.shape, x.shape)
        }
        let (height, width) = (x.shape[2], x.shape[3])
        let (values, shifts) = (x.elements(Float.self), flow.elements(Float.self))
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for channel in 0..<x.shape[0] * x.shape[1] {
          let plane = Plane(
            height: height, width: width, Array(values[channel * height * width..<(channel + 1) * height * width]))
          for row in 0..<height {
            for column in 0..<width {
              let at = row * width + column
              result.append(
                plane.sample(Float(column) + shifts[at], Float(row) + shifts[height * width + at]))
            }
          }
        }
        return [.tensor(Tensor(shape: x.shape, result))]
      }))
}

/// Numbers over the pixels of a picture.
struct Plane: Sendable {
  let height: Int
  let width: Int
  var values: [Float]

  init(height: Int, width: Int, _ values: [Float]) { (self.height, self.width, self.values) = (height, width, values) }

  /// Brightness 0..255 (BT.601).
  init(_ image: Image) {
    let (channels, count) = (image.format.channels, image.width * image.height)
    let scale: Float = image.format.bits == 16 ? 1 / 257 : 1
    let samples = image.pixels.numbers
    var values = [Float](repeating: 0, count: count)
    for index in 0..<count {
      let at = index * channels
      values[index] =
        scale
        * Float(
          channels < 3 ? samples[at] : 0.299 * samples[at] + 0.587 * samples[at + 1] + 0.114 * samples[at + 2])
    }
    self.init(height: image.height, width: image.width, values)
  }

  subscript(_ row: Int, _ column: Int) -> Float {
    values[min(max(row, 0), height - 1) * width + min(max(column, 0), width - 1)]
  }

  func sample(_ x: Float, _ y: Float) -> Float {
    let (x, y) = (min(max(x, 0), Float(width - 1)), min(max(y, 0), Float(height - 1)))
    let (column, row) = (Int(x), Int(y))
    let (a, b) = (x - Float(column), y - Float(row))
    let top = self[row, column] * (1 - a) + self[row, column + 1] * a
    let bottom = self[row + 1, column] * (1 - a) + self[row + 1, column + 1] * a
    return top * (1 - b) + bottom * b
  }

  /// Half the size; each pixel the mean of four.
  var half: Plane {
    let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
    var result = Plane(height: rows, width: columns, [Float](repeating: 0, count: rows * columns))
    for row in 0..<rows {
      for column in 0..<columns {
        let (y, x) = (2 * row, 2 * column)
        result.values[row * columns + column] =
          (self[y, x] + self[y, x + 1] + self[y + 1, x] + self[y + 1, x + 1]) / 4
      }
    }
    return result
  }

  /// The sums over windows of 2 · reach + 1 pixels, by running sums along rows and columns; the edge repeats.
  func summed(_ reach: Int) -> Plane {
    var across = self
    for row in 0..<height {
      var sum = (-reach...reach).reduce(Float(0)) { $0 + self[row, $1] }
      for column in 0..<width {
        across.values[row * width + column] = sum
        sum += self[row, column + reach + 1] - self[row, column - reach]
      }
    }
    var both = across
    for column in 0..<width {
      var sum = (-reach...reach).reduce(Float(0)) { $0 + across[$1, column] }
      for row in 0..<height {
        both.values[row * width + column] = sum
        sum += across[row + reach + 1, column] - across[row - reach, column]
      }
    }
    return both
  }
}

/// A displacement per pixel.
struct Flow: Sendable {
  var x: Plane
  var y: Plane

  /// From the smallest size to the full one: windows in which `now` and the displaced `before` differ least.
  static func estimate(_ now: Plane, _ before: Plane, window: Int, rounds: Int) -> Flow {
    let zero = Plane(height: now.height, width: now.width, [Float](repeating: 0, count: now.values.count))
    var flow = Flow(x: zero, y: zero)
    if min(now.height, now.width) >= 32 {
      let small = estimate(now.half, before.half, window: window, rounds: rounds)
      for row in 0..<now.height {
        for column in 0..<now.width {
          let (x, y) = ((Float(column) - 0.5) / 2, (Float(row) - 0.5) / 2)
          flow.x.values[row * now.width + column] = 2 * small.x.sample(x, y)
          flow.y.values[row * now.width + column] = 2 * small.y.sample(x, y)
        }
      }
    }
    for _ in 0..<rounds { flow.improve(now, before, window: window) }
    return flow
  }

  /// One Gauss-Newton step per pixel, held to a pixel, and then a mean over neighbours.
  private mutating func improve(_ now: Plane, _ before: Plane, window: Int) {
    let count = now.values.count
    var products = [[Float]](repeating: [Float](repeating: 0, count: count), count: 5)
    for row in 0..<now.height {
      for column in 0..<now.width {
        let at = row * now.width + column
        let (x, y) = (Float(column) + self.x.values[at], Float(row) + self.y.values[at])
        // What would be seen beyond the edge says nothing.
        guard x >= 0, y >= 0, x <= Float(now.width - 1), y <= Float(now.height - 1) else { continue }
        let dx = (before.sample(x + 1, y) - before.sample(x - 1, y)) / 2
        let dy = (before.sample(x, y + 1) - before.sample(x, y - 1)) / 2
        let dt = now.values[at] - before.sample(x, y)
        for (index, product) in [dx * dx, dx * dy, dy * dy, dx * dt, dy * dt].enumerated() {
          products[index][at] = product
        }
      }
    }
    let sums = products.map { Plane(height: now.height, width: now.width, $0).summed(window).values }
    // Where a window shows nothing that could be told from its neighbours it stays where it is.
    let damping = Float((2 * window + 1) * (2 * window + 1))
    for at in 0..<count {
      let (xx, xy, yy) = (sums[0][at] + damping, sums[1][at], sums[2][at] + damping)
      let determinant = xx * yy - xy * xy
      let (moveX, moveY) = (
        (yy * sums[3][at] - xy * sums[4][at]) / determinant, (xx * sums[4][at] - xy * sums[3][at]) / determinant
      )
      x.values[at] += min(max(moveX, -1), 1)
      y.values[at] += min(max(moveY, -1), 1)
    }
    x = x.summed(1)
    y = y.summed(1)
    for at in 0..<count { (x.values[at], y.values[at]) = (x.values[at] / 9, y.values[at] / 9) }
  }

  /// 1 where `back` leads back, else 0.
  func agreement(_ back: Flow) -> [Float] {
    (0..<x.values.count).map { at in
      let (u, v) = (x.values[at], y.values[at])
      let (column, row) = (Float(at % x.width) + u, Float(at / x.width) + v)
      guard column >= 0, row >= 0, column <= Float(x.width - 1), row <= Float(x.height - 1) else { return 0 }
      let (s, t) = (back.x.sample(column, row), back.y.sample(column, row))
      let gap = (u + s) * (u + s) + (v + t) * (v + t)
      return gap < 0.01 * (u * u + v * v + s * s + t * t) + 0.5 ? 1 : 0
    }
  }
}

extension Fault {
  fileprivate static func flowSizes(_ a: [Int], _ b: [Int]) -> Fault {
    .failed("the sizes \(a) and \(b) do not belong together")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(OpticalFlow.op, $0) }
@used @section("weft_ops") private let displaceEntry: OpEntry = { Registry.collect(Displace.op, $0) }
