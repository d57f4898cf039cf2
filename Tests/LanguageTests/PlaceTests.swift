import Language
import Testing

@Suite struct PlaceTests {
  @Test func itTellsWhereItIs() {
    let place = Place(file: "a.json", line: 3, column: 14)
    #expect(place.file == "a.json" && place.line == 3 && place.column == 14)
    #expect("\(place)" == "a.json:3:14" && "\(place.advanced(by: 2))" == "a.json:3:16")
  }

  @Test func placesStandInTheOrderOfFilesThenOfText() {
    // The file that is heard of first is not the first by name.
    let places = [
      Place(file: "z", line: 1, column: 1), Place(file: "b", line: 2, column: 1), Place(file: "b", line: 1, column: 9),
      Place(file: "b", line: 1, column: 2),
    ]
    #expect(places.sorted().map { "\($0)" } == ["b:1:2", "b:1:9", "b:2:1", "z:1:1"])
  }
}
