import Glibc
import Language
import Tensors

/// Reads faces from the outputs of a detection network.
public enum DetectorDecode {
  public static let op = Op(
    "face.decode",
    doc: """
      The faces that the outputs of a detection network speak of, before overlapping ones are dropped: rows of x1, y1, \
      x2, y2, score and the points' x and y, in pixels of the photo. SCRFD, YuNet, RetinaFace and UltraFace are told \
      apart by the shapes of their outputs, or named by kind; every setting of the kind can be set. Boxes may reach \
      beyond the photo.
      """,
    inputs: [
      Port("outputs", "list<tensor<f32>>", .one, "All outputs of the network, in its own order."),
      Port("x", "tensor<f32>[N,C,H,W]", .one, "What the network saw: its size is that of the outputs' anchors."),
      Port("fit", "tensor<f32>[4]", .optional, "Of the letterbox: seen = photo * factor + offset, x and y."),
    ],
    outputs: [Port("candidates", "tensor<f32>", .one, "[n, 5 + 2 points]")],
    params: [Param("score", .number(.unit), default: .float(0.5), "the least score")] + DetectorPreset.params,
    infer: { facts throws(Fault) in
      try DetectorPreset.check(facts.attributes)
      return [.f32(nil)]
    },
    action: .host(
      Host { call throws(Fault) in
        var tensors: [Tensor] = []
        for item in try call.list("outputs") {
          guard case .tensor(let tensor) = item else { throw .wrongValue("outputs", "list of tensors", item) }
          tensors.append(tensor)
        }
        let outputs = try DetectorOutputs(tensors)
        let preset = try DetectorPreset(call.attributes, outputs)
        let seen = try call.tensor("x").shape
        let given = call.value("fit")
        let fit = if let given, !given.isNone { try Fit(given) } else { Fit() }
        let (scores, boxes, points) = try outputs.joined(preset, kind: call.attributes.string("kind"))
        let anchors = try AnchorGrid(preset, height: seen[2], width: seen[3], rows: scores.count)
        let least = Float(call.attributes.number("score"))
        let pointWidth = scores.isEmpty ? 0 : points.count / scores.count
        var rows: [Float] = []
        for index in scores.indices where scores[index] >= least {
          let anchor = anchors[index]
          let box = anchor.box(preset, boxes, 4 * index)
          rows += [fit.x(box.0), fit.y(box.1), fit.x(box.2), fit.y(box.3), scores[index]]
          for point in 0..<pointWidth / 2 {
            let (x, y) = anchor.point(preset, points, pointWidth * index + 2 * point)
            rows += [fit.x(x), fit.y(y)]
          }
        }
        let width = 5 + pointWidth
        return [.tensor(Tensor(shape: [rows.count / width, width], rows))]
      }))

  /// The map from the network's input back to the photo.
  struct Fit {
    var factor: (x: Double, y: Double) = (1, 1)
    var offset: (x: Double, y: Double) = (0, 0)

    init() {}

    init(_ value: Value) throws(Fault) {
      guard let numbers = value.numberList, numbers.count == 4, numbers[0] > 0, numbers[1] > 0 else {
        throw .wrongValue("fit", "tensor of x and y factor and left and top", value)
      }
      (factor, offset) = ((numbers[0], numbers[1]), (numbers[2], numbers[3]))
    }

    func x(_ value: Double) -> Float { Float((value - offset.x) / factor.x) }
    func y(_ value: Double) -> Float { Float((value - offset.y) / factor.y) }
  }
}

/// The anchors of a network, in the order of its outputs: by level, row, column, and number within the cell.
struct AnchorGrid {
  struct Anchor {
    let x, y, stride, side: Double
    /// Height and width of the network's input.
    let extent: (height: Double, width: Double)
  }

  private struct Level {
    let first, columns, perCell: Int
    let stride: Double
    let sides: [Double]
  }

  private let levels: [Level]
  private let extent: (height: Double, width: Double)
  private let offset: Double

  init(_ preset: DetectorPreset, height: Int, width: Int, rows: Int) throws(Fault) {
    // A network either drops a part of a cell at the edge or rounds it up.
    for roundsUp in [true, false] {
      var (levels, count): ([Level], Int) = ([], 0)
      for (index, stride) in preset.strides.enumerated() {
        let spare = roundsUp ? stride - 1 : 0
        let (cellRows, columns) = ((height + spare) / stride, (width + spare) / stride)
        levels.append(
          Level(
            first: count, columns: max(1, columns), perCell: preset.anchors[index], stride: Double(stride),
            sides: index < preset.sides.count ? preset.sides[index] : []))
        count += cellRows * columns * preset.anchors[index]
      }
      if count == rows || preset.boxes == .corners {
        self.levels = levels
        extent = (Double(height), Double(width))
        offset = preset.offset
        return
      }
    }
    let strides = preset.strides.map(String.init).joined(separator: ", ")
    throw .anchorCount(
      rows, "\(preset.anchors) per cell at strides \(strides) of an input of \(width) × \(height) pixels")
  }

  subscript(index: Int) -> Anchor {
    let level = levels.last { $0.first <= index } ?? levels[0]
    let (cell, number) = (index - level.first).quotientAndRemainder(dividingBy: level.perCell)
    let (row, column) = cell.quotientAndRemainder(dividingBy: level.columns)
    return Anchor(
      x: (Double(column) + offset) * level.stride, y: (Double(row) + offset) * level.stride, stride: level.stride,
      side: number < level.sides.count ? level.sides[number] : 0, extent: extent)
  }
}

extension AnchorGrid.Anchor {
  func box(_ preset: DetectorPreset, _ numbers: [Float], _ at: Int) -> (Double, Double, Double, Double) {
    let (a, b) = (Double(numbers[at]), Double(numbers[at + 1]))
    let (c, d) = (Double(numbers[at + 2]), Double(numbers[at + 3]))
    func around(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> (Double, Double, Double, Double) {
      (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    }
    switch preset.boxes {
    case .distance: return (x - a * stride, y - b * stride, x + c * stride, y + d * stride)
    case .cell: return around(x + a * stride, y + b * stride, exp(c) * stride, exp(d) * stride)
    case .prior:
      let (place, size) = (preset.variances[0] * side, preset.variances[1])
      return around(x + a * place, y + b * place, side * exp(c * size), side * exp(d * size))
    case .corners: return (a * extent.width, b * extent.height, c * extent.width, d * extent.height)
    }
  }

  func point(_ preset: DetectorPreset, _ numbers: [Float], _ at: Int) -> (Double, Double) {
    let (a, b) = (Double(numbers[at]), Double(numbers[at + 1]))
    switch preset.boxes {
    case .distance, .cell: return (x + a * stride, y + b * stride)
    case .prior: return (x + a * preset.variances[0] * side, y + b * preset.variances[0] * side)
    case .corners: return (a * extent.width, b * extent.height)
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DetectorDecode.op, $0) }
