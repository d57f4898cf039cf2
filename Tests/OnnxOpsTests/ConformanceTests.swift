import Language
import Tensors
import Testing

@testable import OnnxOps

@Test func everything() {
  var names = Set(ConformanceCases.all.index.cases.map(\.op))
  var (good, bad) = (0, 0)
  for one in ConformanceCases.all.index.cases {
    if let difference = one.difference() { bad += 1; print("BAD \(one.op) \(one.name): \(difference)") } else { good += 1 }
    names.remove(one.op)
  }
  print("GOOD \(good) BAD \(bad)")
  #expect(bad == 0)
}
