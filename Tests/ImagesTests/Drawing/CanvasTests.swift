import Images
import Tensors
import Testing

@Suite struct CanvasTests {
  @Test(arguments: PixelFormat.allCases) func unchangedCanvasIsTheSamePicture(_ format: PixelFormat) {
    #expect(Canvas(Samples.picture(format)).image == Samples.picture(format))
  }

  @Test func placesPicturesAlsoOverTheEdge() {
    var canvas = Canvas(width: 3, height: 2, format: .grey8, background: .black)
    let picture = Samples.grey([[1, 2], [3, 4]])
    canvas.place(picture, x: -1, y: 0)
    canvas.place(picture, x: 2, y: 1)
    canvas.place(picture, x: 7, y: 9)
    canvas.place(picture, x: -7, y: -9)
    #expect(canvas.image == Samples.grey([[2, 0, 0], [4, 0, 1]]))
  }

  @Test func alphaLetsTheCanvasShowThrough() {
    var canvas = Canvas(width: 3, height: 1, background: .white)
    let picture = Image(
      format: .rgba8, pixels: Tensor(shape: [1, 3, 4], [10, 20, 30, 255, 10, 20, 30, 0, 55, 5, 155, 51] as [UInt8]))
    canvas.place(picture, x: 0, y: 0)
    #expect(canvas.image.pixels.elements(UInt8.self) == [10, 20, 30, 255, 255, 255, 215, 205, 235])
  }

  @Test func paintOnATransparentCanvasKeepsItsColour() {
    var canvas = Canvas(width: 1, height: 1, format: .rgba8, background: .transparent)
    canvas.fill(x: 0, y: 0, width: 1, height: 1, Colour(200, 100, 50, alpha: 128))
    #expect(canvas.image.pixels.elements(UInt8.self) == [200, 100, 50, 128])
    canvas.fill(x: 0, y: 0, width: 1, height: 1, Colour(200, 100, 50, alpha: 128))
    #expect(canvas.image.pixels.elements(UInt8.self) == [200, 100, 50, 192])
  }
}
