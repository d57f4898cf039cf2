import Foundation
import Tensors
import Testing

@testable import OnnxOps

@Suite struct FusedGeluTests {
  @Test func areGeluOfSums() throws {
    let (a, b) = (Tensor(shape: [1], [Float(0.5)]), Tensor(shape: [1], [Float(0.5)]))
    func value(_ name: String, _ inputs: [Tensor]) throws -> Float {
      try OnnxRun.result(name, inputs).elements(Float.self)[0]
    }
    #expect(abs(try value("ms.BiasGelu", [a, b]) - 0.8413447) < 1e-6)
    #expect(abs(try value("ms.FastGelu", [a, b]) - 0.8411920) < 1e-6)
    #expect(abs(try value("ms.Gelu", [a]) - 0.3457312) < 1e-6)
    #expect(abs(try value("ms.QuickGelu", [a]) - 0.5 / (1 + exp(-0.851))) < 1e-6)
  }
}
