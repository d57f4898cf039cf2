import Testing

@testable import Language

@Suite struct RegistryTests {
  static func op(_ name: String, isInternal: Bool = false) -> Op {
    Op(
      name, doc: "", inputs: [], outputs: [], isInternal: isInternal, infer: { _ throws(Fault) in [] },
      action: .host(Host { _ throws(Fault) in [] }))
  }

  let registry = Registry([op("b.two"), op("a.one"), op("a.inner", isInternal: true)])

  @Test func namesAreSortedAndInternalOpsAreNotOffered() {
    #expect(registry.names == ["a.inner", "a.one", "b.two"] && registry.publicOps.map(\.name) == ["a.one", "b.two"])
    #expect(registry["a.inner"] != nil && registry["c"] == nil)
  }

  @Test func aMissingOpIsAFaultWithASuggestion() {
    #expect(throws: Fault("unknown-op", "there is no op \"a.onne\" (did you mean \"a.one\"?)")) {
      try registry.op("a.onne")
    }
  }

  @Test func twoOpsOfOneNameTrap() async {
    await #expect(processExitsWith: .failure) { _ = Registry([RegistryTests.op("x"), RegistryTests.op("x")]) }
  }
}
