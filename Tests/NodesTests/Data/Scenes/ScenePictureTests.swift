import Testing

@testable import Nodes

@Suite struct ScenePictureTests {
  @Test func `a place between pixels is their mix, and the edge repeats`() {
    let picture = ScenePicture(height: 1, width: 2, [0, 255])
    #expect(picture.sample(0.5, 0.5, step: 1) == 0 && picture.sample(1.5, 0.5, step: 1) == 1)
    #expect(abs(picture.sample(1.25, 0.5, step: 1) - 0.75) < 1e-12)
    #expect(picture.sample(-9, 4, step: 1) == 0 && picture.sample(9, -4, step: 1) == 1)
  }

  @Test func `large steps see the mean of what they skip`() {
    // Stripes of one pixel are grey at half the size, and at a quarter.
    let stripes = ScenePicture(height: 16, width: 16, (0..<256).map { UInt8($0 % 2 * 200) })
    for step in [2.0, 4.0, 5.5] {
      #expect(abs(stripes.sample(7.3, 8.1, step: step) - 100 / 255.0) < 1e-9)
    }
    #expect(stripes.sample(7.5, 8.5, step: 1.9) > 0.7)
  }

  @Test func `a ramp keeps its place at every size`() {
    let ramp = ScenePicture(height: 32, width: 32, (0..<1024).map { UInt8($0 % 32 * 8) })
    for step in [1.0, 2.0, 4.0] {
      #expect(abs(ramp.sample(16, 16, step: step) * 255 - 15.5 * 8) < 1.5)
    }
  }
}
