import Foundation
import Language
import Tensors
import Testing

@testable import Models

@Suite struct SafetensorsWritingTests {
  @Test func bytesAreThoseOfTheReferenceImplementation() throws {
    let grid = Tensor(shape: [2, 3, 4], (0..<24).map { Float($0) })
    let tensors: [(name: String, tensor: Tensor)] = [
      ("é\"", grid), ("a.x", Tensor(shape: [3], [1, 2, 3] as [UInt8])), ("b", grid), ("c", Tensor(shape: [], [7.0])),
    ]
    try withFolder { folder in
      try Safetensors.write(tensors, metadata: ["format": "pt"], to: folder + "/x.safetensors")
      #expect(try contents(folder + "/x.safetensors") == Array(Samples.all.safetensors.file))
      try Safetensors.write(tensors.reversed(), metadata: ["format": "pt"], to: folder + "/x.safetensors")
      #expect(try contents(folder + "/x.safetensors") == Array(Samples.all.safetensors.file))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.safetensors"])
    }
  }

  @Test func everyElementTypeComesBack() throws {
    let values = Tensor(shape: [2, 2], [0, 1, 1, 0] as [Float])
    let tensors = DType.allCases.map { (name: $0.rawValue, tensor: values.converted(to: $0)) }
    try withFolder { folder in
      try Safetensors.write(tensors, to: folder + "/x.safetensors")
      let file = try Safetensors(folder + "/x.safetensors")
      for (name, tensor) in tensors { #expect(try file.load(name, of: "x") == tensor) }
    }
  }

  @Test func anEmptyFileIsAFile() throws {
    try withFolder { folder in
      try Safetensors.write([], to: folder + "/x.safetensors")
      #expect(try Safetensors(folder + "/x.safetensors").headers.isEmpty)
    }
  }

  @Test func failuresAreFaultsAndLeaveNothing() throws {
    let one: (name: String, tensor: Tensor) = ("a", .scalar(1))
    try withFolder { folder in
      #expect(throws: Fault.self) { try Safetensors.write([one, one], to: folder + "/x.safetensors") }
      let fault = #expect(throws: Fault.self) { try Safetensors.write([one], to: folder + "/no/x.safetensors") }
      #expect(fault?.message == "cannot write \(folder)/no/x.safetensors: No such file or directory")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }
}
