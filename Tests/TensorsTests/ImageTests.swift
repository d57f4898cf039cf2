import Tensors
import Testing

@Suite struct ImageTests {
  @Test(arguments: PixelFormat.allCases) func formatFollowsFromChannelsAndDType(_ format: PixelFormat) {
    #expect(PixelFormat(channels: format.channels, dtype: format.dtype) == format)
    let image = Image(format: format, pixels: .zeros(format.dtype, shape: [2, 3, format.channels]))
    #expect(image.height == 2 && image.width == 3)
  }

  @Test func formatIsPartOfTheDigest() {
    let grey = Image(format: .grey8, pixels: .zeros(.u8, shape: [2, 2, 1]))
    let deep = Image(format: .grey16, pixels: .zeros(.u16, shape: [2, 2, 1]))
    #expect(grey.digest != deep.digest)
  }
}
