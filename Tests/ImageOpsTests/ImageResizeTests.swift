import Language
import Tensors
import TestSupport
import Testing

@testable import ImageOps

@Suite struct ImageResizeTests {
  let harness = OpHarness([])

  /// A picture by a formula, so that other programs can be given the same one.
  static func picture(_ height: Int, _ width: Int, _ channels: Int) -> Tensor {
    var bytes: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<channels {
          let slow = 7 * row * row + 13 * column + 29 * channel * (row + column)
          bytes.append(UInt8((slow + 101 * ((row * column) % 17)) % 256))
        }
      }
    }
    return Tensor(shape: [height, width, channels], bytes)
  }

  /// FNV-1a of what Pillow 13.0.0 makes of the formula's picture 53×37.
  @Test(arguments: [
    ("nearest", 20, 11, 0x0538_5a73_853c_469f as UInt64), ("nearest", 53, 80, 0xb8de_f554_8f58_426e),
    ("nearest", 111, 37, 0x0483_2428_5cbe_3efd),
    ("nearest", 1, 1, 0xf282_d41a_bea7_246c),
    ("nearest", 7, 90, 0x0f9c_5366_5be5_7981),
    ("bilinear", 20, 11, 0x2fc0_8388_90fa_2a1b),
    ("bilinear", 53, 80, 0x43c3_c568_6235_7dbd),
    ("bilinear", 111, 37, 0xb6fb_9582_a3bb_3c60),
    ("bilinear", 1, 1, 0x23b1_fd1a_d9b8_aeb5),
    ("bilinear", 7, 90, 0x86ce_6e65_eeff_8016),
    ("bicubic", 20, 11, 0x384c_5c04_6b7a_5d4a),
    ("bicubic", 53, 80, 0x0af8_5c66_e249_1048),
    ("bicubic", 111, 37, 0x28b2_9c96_2eef_788c),
    ("bicubic", 1, 1, 0x23b1_fc1a_d9b8_ad02),
    ("bicubic", 7, 90, 0xb942_8557_0450_0964),
    ("lanczos", 20, 11, 0xa83d_1505_dc28_d83d),
    ("lanczos", 53, 80, 0x1115_7fb7_12ac_ede3),
    ("lanczos", 111, 37, 0x04cf_9770_b999_f20c),
    ("lanczos", 1, 1, 0x23b1_fc1a_d9b8_ad02),
    ("lanczos", 7, 90, 0x2d49_e6f3_7c53_0df6),
    ("box", 20, 11, 0xa1ef_c6e3_5b9c_54af),
    ("box", 53, 80, 0xb8de_f554_8f58_426e),
    ("box", 111, 37, 0x0483_2428_5cbe_3efd),
    ("box", 1, 1, 0x23ad_981a_d9b4_1a3f),
    ("box", 7, 90, 0xa1d9_9fdc_cf10_cd39),
  ])
  func pillowsOwnBytes(_ filter: String, _ width: Int, _ height: Int, _ digest: UInt64) throws {
    let y = try imageResult(
      ImageResize.op, [Self.picture(37, 53, 3)],
      ["width": .int(width), "height": .int(height), "filter": .string(filter)])
    #expect(y.shape == [height, width, 3])
    let hash = y.elements(UInt8.self).reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    #expect(hash == digest)
  }

  /// OpenCV 5.0.0's pixels of the formula's picture 5×6. Its own paths differ from one another by a level.
  @Test(arguments: [
    ("nearest", 3, 4, [0, 13, 39, 7, 121, 93, 63, 123, 243, 112, 17, 83] as [UInt8]),
    (
      "nearest", 8, 9,
      [
        0, 0, 13, 13, 26, 39, 39, 52, 0, 0, 13, 13, 26, 39, 39, 52, 7, 7, 121, 121, 235, 93, 93, 207, 28, 28, 243, 243,
        202, 161, 161, 120, 28, 28, 243, 243, 202, 161, 161, 120, 63, 63, 123, 123, 183, 243, 243, 47, 112, 112, 17, 17,
        178, 83, 83, 244, 112, 112, 17, 17, 178, 83, 83, 244, 175, 175, 181, 181, 187, 193, 193, 18,
      ]
    ),
    ("bilinear", 3, 4, [14, 78, 78, 86, 210, 142, 82, 182, 132, 153, 185, 105]),
    (
      "bilinear", 8, 9,
      [
        0, 5, 14, 22, 30, 38, 46, 52, 4, 31, 71, 110, 110, 70, 102, 130, 10, 68, 147, 202, 190, 112, 154, 192, 24, 111,
        222, 212, 189, 153, 141, 134, 46, 106, 183, 189, 195, 201, 135, 84, 71, 86, 110, 158, 193, 214, 139, 80, 104,
        73, 44, 134, 157, 114, 167, 211, 144, 124, 104, 156, 168, 141, 134, 131, 175, 178, 181, 185, 189, 193, 94, 18,
      ]
    ),
    ("bicubic", 3, 4, [9, 75, 76, 87, 219, 144, 72, 180, 131, 153, 185, 102]),
    (
      "bicubic", 8, 9,
      [
        0, 1, 4, 4, 16, 33, 39, 39, 0, 18, 62, 122, 117, 60, 98, 145, 0, 62, 161, 243, 213, 109, 153, 219, 2, 117, 246,
        238, 190, 148, 138, 141, 28, 113, 210, 199, 206, 229, 131, 41, 70, 75, 100, 152, 211, 230, 142, 59, 108, 51, 21,
        135, 165, 97, 169, 247, 154, 115, 91, 158, 174, 125, 133, 152, 179, 187, 195, 189, 202, 210, 87, 0,
      ]
    ),
  ])
  func opencvsPixels(_ filter: String, _ width: Int, _ height: Int, _ pixels: [UInt8]) throws {
    let y = try imageResult(
      ImageResize.op, [Self.picture(6, 5, 1)],
      ["width": .int(width), "height": .int(height), "filter": .string(filter), "convention": "opencv"])
    #expect(levels(y, Tensor(shape: [height, width, 1], pixels)) <= (filter == "nearest" ? 0 : 1))
  }

  @Test func deepPicturesAndManyRowsAgreeWithTheNaiveSum() throws {
    let x = Tensor(shape: [400, 9, 2], (0..<7200).map { UInt16(truncatingIfNeeded: $0 * 7919) })
    let y = try imageResult(
      ImageResize.op, [x], ["width": 9, "height": 200, "filter": "box"])
    let values = x.elements(UInt16.self)
    let expected = (0..<200 * 18).map { index -> UInt16 in
      let place = index / 18 * 36 + index % 18
      let sum = Double(values[place]) + Double(values[place + 18])
      return UInt16((sum / 2).rounded())
    }
    #expect(y.elements(UInt16.self) == expected)
  }

  @Test func sizes() throws {
    func size(_ type: String, _ attributes: [String: Literal]) throws -> String {
      try harness.infer(ImageResize.op, ["image": type], attributes)[0]
    }
    #expect(try size("image<rgb8>[768,1024]", ["longest": 512]) == "image<rgb8>[384,512]")
    #expect(try size("image<rgb8>[679,1024]", ["shortest": 256]) == "image<rgb8>[256,386]")
    #expect(try size("image<rgb8>[679,1024]", ["width": 100]) == "image<rgb8>[66,100]")
    #expect(try size("image<rgb8>[679,1024]", ["height": 100]) == "image<rgb8>[100,150]")
    #expect(try size("image<rgb8>[100,3]", ["longest": 10]) == "image<rgb8>[10,1]")
    #expect(try size("image<rgb8>[H,W]", ["scale": 0.5]) == "image<rgb8>[H/2,W/2]")
    #expect(try size("image<rgb8>[H,W]", ["scale": 3]) == "image<rgb8>[3*H,3*W]")
    #expect(try size("image<rgb8>[H,W]", ["longest": 512]) == "image<rgb8>[?height,?width]")
    #expect(try size("image<rgb8>[100,200]", ["longest": 512, "enlarge": false]) == "image<rgb8>[100,200]")
    // 513 · √½ = 362.7; 362 and 363 · 679 / 1024 = 240.04 and 240.7; of 2.5 and 3.5 the even neighbours.
    let root: Literal = .float(0.5.squareRoot())
    #expect(try size("image<rgb8>[679,1024]", ["longest": 513, "share": root]) == "image<rgb8>[240,362]")
    #expect(
      try size("image<rgb8>[679,1024]", ["longest": 513, "share": root, "rounding": "nearest"])
        == "image<rgb8>[241,363]")
    #expect(try size("image<rgb8>[5,7]", ["scale": 0.5, "rounding": "nearest"]) == "image<rgb8>[2,4]")
    #expect(try size("image<rgb8>[5,7]", ["scale": 0.5]) == "image<rgb8>[2,3]")
    #expect(
      harness.refusal(ImageResize.op, ["image": "image[H,W]"], ["longest": 3, "scale": 2])
        == "the size takes width and height, or one of width, height, longest, shortest, scale; given: longest, scale")
  }
}
