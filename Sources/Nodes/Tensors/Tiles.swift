import Language
import Tensors

/// Cuts a picture tensor into tiles that overlap.
public enum Tiles {
  public static let op = Op(
    "tensor.tiles",
    doc: """
      Cuts [1, C, H, W] into tiles of at most size × size with a margin of what lies around them; beyond the picture the \
      edge repeats. A net that looks no further than the margin gives, tile by tile, what it gives for the whole, with \
      the memory of one tile. tensor.untile puts the results together.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[1, C, H, W]")], outputs: [Port("tiles", "list<tensor<f32>>")],
    params: [
      Param("size", .int(1...65536), default: .int(256), "pixels along a tile, margin not counted"),
      Param("margin", .int(0...4096), default: .int(0), "pixels around it"),
    ],
    infer: { facts throws(Fault) in
      if let shape = facts.tensor("x").shape, shape.count != 4 {
        throw .shape("x has \(shape.count) dimensions; 4 are needed")
      }
      let channels = facts.tensor("x").shape?[1] ?? .symbol("?c")
      return [.list(.f32([1, channels, .symbol("?h"), .symbol("?w")], facts.tensor("x").meaning))]
    },
    action: .host(
      Host { call throws(Fault) in
        let x = try call.tensor("x")
        let (size, margin) = (call.attributes.int("size"), call.attributes.int("margin"))
        let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
        var tiles: [Value] = []
        x.withElements(Float.self) { source in
          for top in stride(from: 0, to: height, by: size) {
            for left in stride(from: 0, to: width, by: size) {
              let rows = min(size, height - top) + 2 * margin
              let columns = min(size, width - left) + 2 * margin
              let tile = Tensor(Float.self, shape: [1, channels, rows, columns]) { memory in
                var index = 0
                for channel in 0..<channels {
                  for row in 0..<rows {
                    let y = min(max(top - margin + row, 0), height - 1)
                    for column in 0..<columns {
                      let z = min(max(left - margin + column, 0), width - 1)
                      memory.initializeElement(at: index, to: source[(channel * height + y) * width + z])
                      index += 1
                    }
                  }
                }
              }
              tiles.append(.tensor(tile))
            }
          }
        }
        return [.list(tiles)]
      }))
}

/// Puts tiles together.
public enum Untile {
  public static let op = Op(
    "tensor.untile",
    doc: """
      The picture [1, C, scale · H, scale · W] made of tiles in the order of tensor.tiles, after a net that enlarges by \
      scale. Whatever the tiles still have around them is cut off evenly.
      """,
    inputs: [
      Port("tiles", "list<tensor<f32>>"), Port("like", "tensor<f32>", .one, "what was cut into tiles, [1, C, H, W]"),
    ],
    outputs: [Port("x", "tensor<f32>")],
    params: [
      Param("size", .int(1...65536), default: .int(256), "that of tensor.tiles"),
      Param("scale", .int(1...64), default: .int(1), "how much larger the tiles became"),
    ],
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("like").shape, shape.count == 4 else { return [.f32(nil)] }
      let scale = Dim(facts.attributes.int("scale"))
      return [.f32([1, .symbol("?c"), shape[2] * scale, shape[3] * scale])]
    },
    action: .host(
      Host { call throws(Fault) in
        let like = try call.tensor("like").shape
        let (size, scale) = (call.attributes.int("size"), call.attributes.int("scale"))
        var tiles: [Tensor] = []
        for value in try call.list("tiles") {
          guard case .tensor(let tile) = value, tile.rank == 4 else {
            throw .wrongValue("tiles", "list of tensors", value)
          }
          tiles.append(tile)
        }
        let (rows, columns) = ((like[2] + size - 1) / size, (like[3] + size - 1) / size)
        guard tiles.count == rows * columns, let channels = tiles.first?.shape[1] else {
          throw .failed("\(tiles.count) tiles where \(rows * columns) are needed")
        }
        let (height, width) = (like[2] * scale, like[3] * scale)
        var pixels = [Float](repeating: 0, count: channels * height * width)
        for (index, tile) in tiles.enumerated() {
          let (top, left) = (index / columns * size * scale, index % columns * size * scale)
          let inner = (min(size * scale, height - top), min(size * scale, width - left))
          let around = (tile.shape[2] - inner.0, tile.shape[3] - inner.1)
          guard around.0 >= 0, around.1 >= 0, around.0 % 2 == 0, around.1 % 2 == 0, tile.shape[1] == channels else {
            throw .failed("tile \(index) is \(tile.shape); \(inner.0)×\(inner.1) and an even border are needed")
          }
          tile.withElements(Float.self) { source in
            for channel in 0..<channels {
              for row in 0..<inner.0 {
                let from = (channel * tile.shape[2] + around.0 / 2 + row) * tile.shape[3] + around.1 / 2
                let to = (channel * height + top + row) * width + left
                for column in 0..<inner.1 { pixels[to + column] = source[from + column] }
              }
            }
          }
        }
        return [.tensor(Tensor(shape: [1, channels, height, width], pixels))]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Tiles.op, $0) }
@used @section("weft_ops") private let untileEntry: OpEntry = { Registry.collect(Untile.op, $0) }
