import Language
import Tensors

/// Pictures in a grid of equal cells, each centred in its cell, with an optional line of text below.
public struct ContactSheet: Sendable, Hashable {
  /// Cells across; nil chooses the number that makes the sheet nearest to a square.
  public var columns: Int?
  /// Pixels between cells and around the grid.
  public var gap: Int
  public var background: Colour
  public var labelColour: Colour
  /// Whole-number scale of the labels' font.
  public var labelScale: Int

  public init(
    columns: Int? = nil, gap: Int = 8, background: Colour = .white, labelColour: Colour = .black, labelScale: Int = 1
  ) {
    self.columns = columns
    self.gap = gap
    self.background = background
    self.labelColour = labelColour
    self.labelScale = labelScale
  }

  /// The sheet as rgb8. Cells are as large as the largest picture; labels that do not fit are cut. `labels` may be
  /// empty or hold fewer texts than there are pictures.
  public func render(
    _ images: [Image], labels: [String] = [], limits: ImageLimits = ImageLimits()
  ) throws(Fault) -> Image {
    guard !images.isEmpty else { throw .emptyContactSheet() }
    guard columns ?? 1 >= 1 else { throw .optionOutOfRange("the number of columns", columns ?? 1, 1...images.count) }
    guard (0...10_000).contains(gap) else { throw .optionOutOfRange("the gap", gap, 0...10_000) }
    guard (1...64).contains(labelScale) else { throw .optionOutOfRange("the label scale", labelScale, 1...64) }
    let cell = (width: images.map(\.width).max()!, height: images.map(\.height).max()!)
    let strip = labels.isEmpty ? 0 : (Font.cellHeight + 2) * labelScale
    let pitch = (x: cell.width + gap, y: cell.height + strip + gap)
    let across = min(images.count, columns ?? squareColumns(images.count, pitch))
    let down = (images.count + across - 1) / across
    let (width, height) = (across * pitch.x + gap, down * pitch.y + gap)
    guard width * height <= limits.maximumPixels else {
      throw .contactSheetTooLarge(width: width, height: height, limit: limits.maximumPixels)
    }
    var canvas = Canvas(width: width, height: height, background: background)
    for (index, image) in images.enumerated() {
      let (left, top) = (gap + index % across * pitch.x, gap + index / across * pitch.y)
      canvas.place(
        image, x: left + (cell.width - image.width) / 2, y: top + (cell.height - image.height) / 2)
      guard index < labels.count else { continue }
      let text = String(labels[index].prefix(cell.width / (Font.cellWidth * labelScale)))
      let room = cell.width - Font.size(of: text, scale: labelScale).width
      canvas.text(
        text, x: left + room / 2, y: top + cell.height + 2 * labelScale, labelColour, scale: labelScale)
    }
    return canvas.image
  }

  private func squareColumns(_ count: Int, _ pitch: (x: Int, y: Int)) -> Int {
    (1...count).min { a, b in
      func unevenness(_ columns: Int) -> Int { abs(columns * pitch.x - (count + columns - 1) / columns * pitch.y) }
      return unevenness(a) < unevenness(b)
    }!
  }
}
