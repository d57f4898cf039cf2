import Language
import Tensors
import Testing

@testable import Compiler

@Suite struct HalvingsTests {
  private static func form(_ name: String) -> Layout {
    .prepared(Preparation(name, byteCount: 64, source: .blocked) { _, _, _ in })
  }

  private static let halving = Halving(all: form("all"), positive: form("positive"))
  private static let pool = Choice("pool", halving: halving) { _ in }
  private static let other = Choice("other") { _ in }
  private static let maker = Choice(
    "maker",
    halved: { places in
      Choice("maker and pool" + (places.map { ", \($0)" } ?? "")) { _ in }
    }
  ) { _ in }

  /// Values: 0 comes in, 1 is made, 2 its pool, 3 and 4 what else is made of 1; layouts of 3 and 4.
  private func names(
    maker: Choice = HalvingsTests.maker, third: Layout? = nil, fourth: Layout? = nil, wanted: Set<ValueID> = [2]
  ) -> [String] {
    let type = Concrete(dtype: .f32, shape: [1, 16, 4, 4])
    let storage = [.rowMajor, .blocked, .blocked, third ?? .blocked, fourth ?? .blocked].map { (layout: Layout) in
      Blueprint.Storage(type: type, layout: layout)
    }
    func operation(_ choice: Choice, _ operands: [ValueID], _ results: [ValueID]) -> Blueprint.Operation {
      Blueprint.Operation(label: "", op: "", choice: choice, operands: operands, results: results)
    }
    var operations = [operation(maker, [0], [1])]
    if third != nil { operations.append(operation(Self.other, [1], [3])) }
    operations.append(operation(Self.pool, [1], [2]))
    if fourth != nil { operations.append(operation(Self.other, [1], [4])) }
    return Halvings.absorbed(operations, storage, wanted: wanted).map {
      "\($0.choice.name) \($0.operands) -> \($0.results)"
    }
  }

  @Test func aPoolThatReadsAloneGoesToTheKernelBeforeIt() {
    #expect(names() == ["maker and pool [0] -> [2]"])
  }

  @Test func thePlacesOfItsMaximaGoWithIt() {
    #expect(names(third: Self.form("all")) == ["maker and pool, all [0] -> [2, 3]"])
    #expect(names(third: Self.form("positive")) == ["maker and pool, positive [0] -> [2, 3]"])
  }

  @Test func aValueThatOthersReadStays() {
    let apart = ["maker [0] -> [1]", "other [1] -> [3]", "pool [1] -> [2]"]
    #expect(names(third: .blocked) == apart)
    #expect(names(third: Self.form("signs")) == apart)
    #expect(names(third: Self.form("all"), fourth: Self.form("positive")).count == 4)
    #expect(names(wanted: [1, 2]) == ["maker [0] -> [1]", "pool [1] -> [2]"])
    #expect(names(maker: Self.other) == ["other [0] -> [1]", "pool [1] -> [2]"])
  }
}
