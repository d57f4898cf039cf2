/// Memory that a program takes while it runs and keeps between runs, besides what it is given and what it gives.
public struct Footprint: Sendable, Equatable {
  /// A value that is computed once, from inputs that are given for good.
  public struct Form: Sendable, Equatable {
    /// Programs of one compiler have forms of one name, from the same inputs, in common; nil: each has its own.
    public let name: String?
    /// Positions of the inputs that it comes from.
    public let inputs: [Int]
    public let bytes: Int

    public init(name: String?, inputs: [Int], bytes: Int) {
      self.name = name
      self.inputs = inputs
      self.bytes = bytes
    }
  }

  /// While a run lasts; a compiler keeps the memory for the next run of any program.
  public var workspaceBytes: Int
  public var forms: [Form]
  /// Positions of inputs given for good that runs still read as they are.
  public var read: [Int]

  public init(workspaceBytes: Int, forms: [Form] = [], read: [Int] = []) {
    self.workspaceBytes = workspaceBytes
    self.forms = forms
    self.read = read
  }
}
