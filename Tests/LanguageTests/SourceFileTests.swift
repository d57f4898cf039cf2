import Language
import Testing

@Suite struct SourceFileTests {
  @Test func aPathIsOneFile() {
    let (a, b) = (SourceFile("some/a.json"), SourceFile("some/b.json"))
    #expect(a != b && a == SourceFile("some/a.json"))
    #expect(a.path == "some/a.json" && b.path == "some/b.json")
  }
}
