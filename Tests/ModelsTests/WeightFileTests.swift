import Foundation
import Language
import TestSupport
import Tensors
import Testing

@testable import Models

@Suite struct WeightFileTests {
  static let kernel = Tensor(shape: [1, 1, 2, 3], [1, 2, 3, 4, 5, 6] as [Float])
  static let turned = Tensor(shape: [3, 2, 1, 1], [1, 4, 2, 5, 3, 6] as [Float])

  /// One .safetensors with a kernel in half precision, a Double bias and a counter.
  private func withFile<R>(_ body: (String) throws -> R) throws -> R {
    try withFolder { folder in
      try Safetensors.write(
        [
          ("conv1/kernel", Self.kernel.converted(to: .f16)), ("conv1/bias", Tensor(shape: [3], [1.0, 2, 3])),
          ("steps", Tensor(shape: [1], [Int64(7)])),
        ], to: folder + "/w.safetensors")
      return try body(folder)
    }
  }

  @Test func namesLayoutAndElementTypeAreThoseOfTheNetwork() throws {
    try withFile { folder in
      let rename = try Rename(["*/kernel": "*.weight", "*/bias": "*.bias"])
      let file = try WeightFile(folder + "/w.safetensors", rename: rename, layout: .hwio)
      #expect(
        file.headers == [
          TensorHeader(name: "conv1.bias", dtype: .f32, shape: [3]),
          TensorHeader(name: "conv1.weight", dtype: .f32, shape: [3, 2, 1, 1]),
          TensorHeader(name: "steps", dtype: .i64, shape: [1]),
        ])
      #expect(try file.load("conv1.weight") == Self.turned)
      #expect(try file.load("conv1.bias") == Tensor(shape: [3], [1, 2, 3] as [Float]))
      let fault = #expect(throws: Fault.self) { try file.load("conv1.weigth") }
      #expect(fault?.message.contains("has no tensor \"conv1.weigth\"") == true)
    }
  }

  @Test func twoNamesMustNotBecomeOne() throws {
    try withFile { folder in
      let rename = try Rename(["conv1/*": "x"])
      let fault = #expect(throws: Fault.self) { try WeightFile(folder + "/w.safetensors", rename: rename) }
      #expect(fault?.message.contains("both \"conv1/bias\" and \"conv1/kernel\" become \"x\"") == true)
    }
  }

  @Test func theSetHasTypesAndADigestOfAllThatCounts() throws {
    try withFile { folder in
      let path = folder + "/w.safetensors"
      let plain = try WeightFile(path).set(content: Digest(of: "a"))
      #expect(plain.types["conv1/kernel"]?.concrete?.shape == [1, 1, 2, 3])
      #expect(try plain.load("conv1/kernel") == Self.kernel)
      let digests = [
        plain.digest, try WeightFile(path).set(content: Digest(of: "b")).digest,
        try WeightFile(path, layout: .hwio).set(content: Digest(of: "a")).digest,
        try WeightFile(path, rename: Rename(["steps": "n"])).set(content: Digest(of: "a")).digest,
      ]
      #expect(Set(digests).count == 4)
      #expect(try WeightFile(path).set(content: Digest(of: "a")).digest == plain.digest)
    }
  }

  @Test func foldersAndSingleArraysAreWeightFiles() throws {
    try withFolder { folder in
      try NPY.write(Self.kernel, to: folder + "/conv.npy")
      try NPY.write(.scalar(2), to: folder + "/a.npy")
      try write([1, 2, 3], to: folder + "/readme.txt")
      let whole = try WeightFile(folder)
      #expect(whole.headers.map(\.name) == ["a", "conv"])
      #expect(try whole.load("conv") == Self.kernel)
      #expect(try WeightFile(folder + "/conv.npy").load("conv") == Self.kernel)
      #expect(
        (#expect(throws: Fault.self) { try WeightFile(folder + "/readme.txt") })?.message.contains(
          "readme.txt is not a weight file") == true)
      #expect(throws: Fault.self) { try WeightFile(folder + "/absent.safetensors") }
    }
  }

  @Test(.enabled(if: Assets.present, "\(Assets.absent)"))
  func readsTheVGGKernelsInOurLayout() throws {
    let file = try WeightFile(Assets.path("style/vgg19_to_relu3_4/vgg19_block1-3.hwio.safetensors"), layout: .hwio)
    let kernels = file.headers.filter { $0.shape.count == 4 }
    #expect(kernels.count == 8 && kernels.allSatisfy { $0.shape.suffix(2) == [3, 3] && $0.dtype == .f32 })
  }
}
