import Testing

@testable import Kernels

@Suite struct KernelFamilyTests {
  @Test func itNamesInstructionSetKernelsAndLibrary() throws {
    let parts = KernelFamily.current.split(separator: " ")
    #expect(parts.first.map(String.init) == "\(InstructionSet.current)")
    #expect(parts.contains("kernels-\(KernelFamily.revision)"))
    #expect(parts.count >= 3)
  }
}
