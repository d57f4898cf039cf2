import Images
import Tensors
import Testing

@Suite struct ColourTests {
  @Test(arguments: [
    ("white", Colour(255, 255, 255)), ("Transparent", Colour(0, 0, 0, alpha: 0)), ("#f80", Colour(255, 136, 0)),
    ("#102030", Colour(16, 32, 48)), ("#10203040", Colour(16, 32, 48, alpha: 64)),
  ])
  func reads(_ text: String, _ expected: Colour) { #expect(Colour(text) == expected) }

  @Test(arguments: ["", "#", "whit", "102030", "#12", "#1234567", "#12345g", "#１２３"])
  func refuses(_ text: String) { #expect(Colour(text) == nil) }

  @Test func samplesFollowTheFormat() {
    let colour = Colour(255, 0, 0, alpha: 128)
    #expect(colour.samples(.rgba8) == [255, 0, 0, 128])
    #expect(colour.samples(.greya8) == [76, 128])
    #expect(colour.samples(.rgb16) == [65535, 0, 0])
  }
}
