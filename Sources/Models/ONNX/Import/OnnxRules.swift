import CKernels
import Language

/// How uses of some operators become uses of ops that are compiled, differentiated and fused.
///
/// A rule that cannot say it for some use (an element type, a rank, an attribute value it does not know) gives nil: the
/// use then becomes the eager op `onnx.Name`, which covers all of the operator's definition.
public struct OnnxRule: Sendable {
  typealias Mapping = @Sendable (OnnxNode) throws(Fault) -> [OnnxValue]?

  /// `Conv`, or `com.microsoft.FusedConv` for an operator of another domain.
  let operators: [String]
  let map: Mapping

  init(_ operators: String..., map: @escaping Mapping) {
    self.operators = operators
    self.map = map
  }
}

/// The entry that a rule's file leaves in the section `weft_onnx`.
public typealias OnnxEntry = OpEntry

/// The rules a program knows, by operator.
public struct OnnxRules: Sendable {
  private let rules: [String: OnnxRule]

  /// Two rules for one operator are a mistake in the program and trap.
  public init(_ rules: [OnnxRule]) {
    self.rules = Dictionary(rules.flatMap { rule in rule.operators.map { ($0, rule) } }) { first, _ in
      preconditionFailure("two rules for \(first.operators)")
    }
  }

  /// Every rule whose file is linked into this program:
  ///
  ///     @used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(rule, $0) }
  public static let linked: OnnxRules = {
    var found: [OnnxRule] = []
    withUnsafeMutablePointer(to: &found) { list in
      var count = 0
      let entries = weft_onnx_entries(&count)
      for index in 0..<count { entries![index]!(list) }
    }
    return OnnxRules(found)
  }()

  static func collect(_ rule: OnnxRule, _ list: UnsafeMutableRawPointer?) {
    list!.assumingMemoryBound(to: [OnnxRule].self).pointee.append(rule)
  }

  public var operators: [String] { rules.keys.sorted() }

  subscript(name: String) -> OnnxRule? { rules[name] }
}
