import Images
import Language
import Tensors
import Testing

@Suite struct ContactSheetTests {
  static let pictures = [
    Samples.grey([[10, 10], [10, 10]]), Samples.grey([[20, 20, 20, 20]]), Samples.grey([[30], [30], [30], [30]]),
  ]

  @Test func cellsAreAsLargeAsTheLargestPicture() throws {
    let sheet = try ContactSheet(columns: 2, gap: 1, background: .black).render(Self.pictures).converted(to: .grey8)
    #expect(sheet.width == 11 && sheet.height == 11)
    let samples = sheet.pixels.elements(UInt8.self)
    func cell(_ x: Int, _ y: Int) -> [UInt8] {
      (y..<y + 4).flatMap { row in Array(samples[row * 11 + x..<row * 11 + x + 4]) }
    }
    #expect(cell(1, 1) == [0, 0, 0, 0, 0, 10, 10, 0, 0, 10, 10, 0, 0, 0, 0, 0])
    #expect(cell(6, 1) == [0, 0, 0, 0, 20, 20, 20, 20, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(cell(1, 6) == [0, 30, 0, 0, 0, 30, 0, 0, 0, 30, 0, 0, 0, 30, 0, 0])
    #expect(cell(6, 6).allSatisfy { $0 == 0 })
    #expect(samples[..<11].allSatisfy { $0 == 0 })
  }

  @Test func columnsMakeTheSheetSquare() throws {
    let square = Samples.picture(.rgb8, width: 20, height: 20)
    let sheet = try ContactSheet(gap: 0).render(Array(repeating: square, count: 9))
    #expect(sheet.width == 60 && sheet.height == 60)
    let wide = Samples.picture(.rgba16, width: 40, height: 10)
    let tower = try ContactSheet(gap: 0).render(Array(repeating: wide, count: 4))
    #expect(tower.width == 40 && tower.height == 40)
  }

  @Test func labelsStandBelowAndAreCutToTheCell() throws {
    let picture = Canvas(width: 24, height: 8, background: .white).image
    let plain = try ContactSheet(columns: 1, gap: 0).render([picture])
    let labelled = try ContactSheet(columns: 1, gap: 0).render([picture, picture], labels: ["abcdefgh"])
    let cut = try ContactSheet(columns: 1, gap: 0).render([picture, picture], labels: ["abcd"])
    #expect(labelled.height == 2 * (plain.height + 12))
    #expect(labelled == cut)
    #expect(labelled.pixels.elements(UInt8.self).contains(0))
  }

  @Test func impossibleSheetsAreRefused() {
    func refusal(_ sheet: ContactSheet, _ images: [Image]) -> String? {
      Samples.message { () throws(Fault) in
        _ = try sheet.render(images, limits: ImageLimits(maximumPixels: 1000))
      }
    }
    #expect(refusal(ContactSheet(), []) == "a contact sheet needs at least one picture")
    #expect(refusal(ContactSheet(columns: 0), Self.pictures) == "the number of columns is 0; it must be 1 to 3")
    #expect(refusal(ContactSheet(gap: -1), Self.pictures) == "the gap is -1; it must be 0 to 10000")
    #expect(
      refusal(ContactSheet(columns: 3, gap: 50), Self.pictures)
        == "a contact sheet of 212 × 104 is above the limit of 1000 pixels")
  }
}
