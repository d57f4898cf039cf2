/// What stands beyond the edge of a dimension.
enum PadMode: String, CaseIterable, Sendable {
  case constant, reflect, replicate, wrap

  /// How far beyond the edge there is something to repeat; nil: any distance.
  func limit(_ extent: Int) -> Int? {
    switch self {
    case .constant: nil
    case .replicate: extent == 0 ? 0 : nil
    case .reflect: max(0, extent - 1)
    case .wrap: extent
    }
  }

  /// The place inside that is repeated at `place`, which may lie outside 0..<extent; -1 for the constant.
  func source(_ place: Int, _ extent: Int) -> Int {
    if (0..<extent).contains(place) { return place }
    switch self {
    case .constant: return -1
    case .replicate: return min(max(place, 0), extent - 1)
    case .reflect: return place < 0 ? -place : 2 * (extent - 1) - place
    case .wrap: return place < 0 ? place + extent : place - extent
    }
  }
}
