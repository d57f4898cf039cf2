import Tensors

/// Puts unfolded windows back together, adding up where they overlap (col2im): the transpose of unfolding.
enum Folding {
  /// `columns` [taps, places] into a plane of `window.input` elements, which is added to.
  @inline(__always)
  static func add<T: Number>(
    _ columns: UnsafePointer<T>, _ window: SpatialWindow, to plane: UnsafeMutablePointer<T>
  ) {
    let places = window.outputArea
    for tap in 0..<window.taps {
      let row = columns + tap * places
      window.forEachColumn(tap: tap) { plane[$1] = T.sum(plane[$1], row[$0]) }
    }
  }
}
