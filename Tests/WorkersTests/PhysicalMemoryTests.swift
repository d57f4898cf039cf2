import Testing
import Workers

@Suite struct PhysicalMemoryTests {
  @Test func aMachineHasSome() {
    #expect(PhysicalMemory.byteCount > 64 << 20)
    #expect(PhysicalMemory.byteCount % 4096 == 0)
  }
}
