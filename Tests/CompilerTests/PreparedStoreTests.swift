import Dispatch
import Synchronization
import Tensors
import Testing

@testable import Compiler

@Suite struct PreparedStoreTests {
  @Test func whoAsksAtTheSameTimeGetsOneForm() {
    let store = PreparedStore()
    let tensor = Tensor(shape: [2], [1, 2] as [Float])
    let made = Mutex(0)
    let found = Mutex<[Tensor]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let form = store.find(tensor, "twice", byteCount: 8) {
        made.withLock { $0 += 1 }
        return Tensor(shape: [2], [2, 4] as [Float])
      }
      found.withLock { $0.append(form) }
    }
    let forms = found.withLock { $0 }
    #expect(made.withLock { $0 } == 1)
    #expect(forms.count == 8 && forms.allSatisfy { $0.buffer === forms[0].buffer })
  }

  @Test func aFormGoesWithTheLastThatUsesIt() {
    let store = PreparedStore()
    let tensor = Tensor(shape: [1], [1] as [Float])
    var made = 0
    func find() -> Tensor {
      store.find(tensor, "same", byteCount: 4) {
        made += 1
        return Tensor(shape: [1], [1] as [Float])
      }
    }
    withExtendedLifetime(find()) { _ = find() }
    #expect(made == 1)
    _ = find()
    #expect(made == 2)
  }
}
