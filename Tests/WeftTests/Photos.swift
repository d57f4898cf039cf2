import Foundation
import Images
import Tensors
import TestSupport

extension WeftProgram {
  /// Writes a small PNG of one grey into the folder.
  func photo(_ name: String, grey: UInt8, width: Int = 8, height: Int = 6) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let pixels = Tensor(shape: [height, width, 3], [UInt8](repeating: grey, count: width * height * 3))
    try ImageFile.write(Image(format: .rgb8, pixels: pixels), to: file.path)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }
}
