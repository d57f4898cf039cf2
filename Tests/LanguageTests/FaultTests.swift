import Language
import Testing

@Suite struct FaultTests {
  @Test func textNamesPlaceCodeAndNotesWithTheirPlaces() {
    let fault = Fault("shape", "a and b differ", at: Place(file: "g.json", line: 4, column: 9))
      .noting("a = x  tensor<f32>[1]", at: Place(file: "g.json", line: 2, column: 3)).noting("b has no place")
    #expect(
      fault.text == """
        g.json:4:9: error[shape]: a and b differ
           a = x  tensor<f32>[1]   g.json:2:3
           b has no place
        """)
  }

  @Test func theFirstPlaceGivenIsKept() {
    let inner = Place(file: "a", line: 1, column: 1)
    #expect(Fault("x", "y", at: inner).at(Place(file: "b", line: 2, column: 2)).place == inner)
  }
}
