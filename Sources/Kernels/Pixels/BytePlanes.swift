import CKernels

/// Images of bytes [height, width, channels] as planes of numbers [planes, height, width], scaled and shifted per plane
/// in the same pass.
public struct BytePlanes: Sendable {
  private let settings: weft_planes

  /// Plane p is values[x[order[p]]] · scale[p] + shift[p]. nil where `values`, one number for each of the 256 bytes, are
  /// not exactly the bytes, or the bytes divided by 255: others take a table.
  ///
  /// - Parameter affine: scale and shift per plane; nil leaves the values as they are.
  public init?(channels: Int, order: [Int], values: [Float], affine: (scale: [Float], shift: [Float])? = nil) {
    let most = Int(weft_channels)
    guard (1...most).contains(channels), order.count <= most, values.count == 256,
      let divisor = [Float(1), 255].first(where: { divisor in
        values.indices.allSatisfy { values[$0] == Float($0) / divisor }
      })
    else { return nil }
    var settings = weft_planes()
    (settings.channels, settings.planes, settings.divisor) = (channels, order.count, divisor)
    settings.is_affine = affine == nil ? 0 : 1
    withUnsafeMutableBytes(of: &settings.order) { memory in
      for (plane, channel) in order.enumerated() { memory.bindMemory(to: Int32.self)[plane] = Int32(channel) }
    }
    if let affine {
      withUnsafeMutableBytes(of: &settings.scale) { memory in
        for (plane, value) in affine.scale.enumerated() { memory.bindMemory(to: Float.self)[plane] = value }
      }
      withUnsafeMutableBytes(of: &settings.shift) { memory in
        for (plane, value) in affine.shift.enumerated() { memory.bindMemory(to: Float.self)[plane] = value }
      }
    }
    self.settings = settings
  }

  /// A range of the pixels, counted row by row; planes of y lie `area` numbers apart.
  public func run(
    pixels: Range<Int>, area: Int, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: settings) { settings in
      weft_kernels().pointee.byte_planes(
        settings, pixels.count, x + pixels.lowerBound * settings.pointee.channels, y + pixels.lowerBound, area)
    }
  }
}
