import CKernels

/// The entry that an op's file leaves for the registry; see `Registry.linked`.
public typealias OpEntry = @convention(c) (UnsafeMutableRawPointer?) -> Void

/// The ops a program knows, by name.
public struct Registry: Sendable {
  private let ops: [String: Op]

  /// Two ops of one name are a mistake in the program and trap.
  public init(_ ops: [Op]) {
    self.ops = Dictionary(ops.map { ($0.name, $0) }) { a, _ in preconditionFailure("two ops are called \(a.name)") }
  }

  /// Every op whose file is linked into this program:
  ///
  ///     @used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ReLU.op, $0) }
  public static let linked: Registry = {
    var found: [Op] = []
    withUnsafeMutablePointer(to: &found) { list in
      var count = 0
      let entries = weft_op_entries(&count)
      for index in 0..<count { entries![index]!(list) }
    }
    return Registry(found)
  }()

  public static func collect(_ op: Op, _ list: UnsafeMutableRawPointer?) {
    list!.assumingMemoryBound(to: [Op].self).pointee.append(op)
  }

  /// Sorted, internal ones included.
  public var names: [String] { ops.keys.sorted() }

  /// What authors may write, sorted by name.
  public var publicOps: [Op] { names.compactMap { ops[$0] }.filter { !$0.isInternal } }

  public subscript(name: String) -> Op? { ops[name] }

  public func op(_ name: String) throws(Fault) -> Op {
    guard let op = ops[name] else { throw .unknownOp(name, names) }
    return op
  }
}
