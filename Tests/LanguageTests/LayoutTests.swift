import Language
import Tensors
import Testing

@Suite struct LayoutTests {
  @Test func bytesCountTheFillingOfTheLastBlock() {
    let type = Concrete(dtype: .f32, shape: [2, 20, 3, 5])
    #expect(Layout.rowMajor.byteCount(type) == 2400)
    #expect(Layout.blocked.byteCount(type) == 3840)
    #expect(Layout.prepared(Preparation("p", byteCount: 77) { _, _, _ in }).byteCount(type) == 77)
  }

  @Test func kernelsThatDoNotKeepZeroWantFullBlocks() {
    func layouts(_ shape: [Int], keepsZero: Bool) -> [Layout] {
      let type = Concrete(dtype: .f32, shape: shape)
      return Site(attributes: Attributes(), operands: [[type]], results: [type]).flatLayouts(keepsZero: keepsZero)
    }
    #expect(layouts([1, 20, 3, 5], keepsZero: true) == [.rowMajor, .blocked])
    #expect(layouts([1, 20, 3, 5], keepsZero: false) == [.rowMajor])
    #expect(layouts([1, 32, 3, 5], keepsZero: false) == [.rowMajor, .blocked])
    // One position has one order, and other ranks have no blocks.
    #expect(layouts([1, 32, 1, 1], keepsZero: true) == [.rowMajor])
    #expect(layouts([32, 3, 5], keepsZero: true) == [.rowMajor])
  }

  @Test func preparationsOfOneNameAreTheSame() {
    let (a, b) = (Preparation("a", byteCount: 4) { _, _, _ in }, Preparation("a", byteCount: 4) { _, _, _ in })
    #expect(Layout.prepared(a) == .prepared(b))
  }
}
