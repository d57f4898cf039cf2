import Language
import Tensors

/// Values as JSON. Numbers have the fewest digits that read back equal; what JSON has no number for (NaN, infinity) is
/// null.
public enum JSONText {
  /// Tensors with more elements are not written inline.
  public static let largestTensor = 4096

  /// The value as one line of JSON: numbers, strings, booleans, paths, records and lists of them, tensors of at most
  /// `largestTensor` elements (nested lists; a scalar is a number), tables as lists of records. nil for everything that
  /// has no such form, or holds something that has none.
  public static func of(_ value: Value, largestTensor: Int = JSONText.largestTensor) -> String? {
    var text = ""
    return write(value, largestTensor, &text) ? text : nil
  }

  /// A table as JSON lines: a record per row.
  static func lines(of table: Table) -> String {
    let names = table.columns.map(quoted)
    return table.rows.map { row in
      "{" + zip(names, row).map { "\($0):\(number($1))" }.joined(separator: ",") + "}\n"
    }.joined()
  }

  private static func write(_ value: Value, _ limit: Int, _ text: inout String) -> Bool {
    switch value {
    case .none: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += number(value)
    case .string(let value), .file(let value): text += quoted(value)
    case .store(let store): text += quoted(store.location)
    case .tensor(let tensor):
      guard tensor.count <= limit else { return false }
      text += self.text(of: tensor)
    case .image, .weights, .stream: return false
    case .list(let items):
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += "," }
        guard write(item, limit, &text) else { return false }
      }
      text += "]"
    case .record(let record):
      text += "{"
      for (index, field) in record.fields.enumerated() {
        if index > 0 { text += "," }
        text += quoted(field.name) + ":"
        guard write(field.value, limit, &text) else { return false }
      }
      text += "}"
    case .table(let table):
      let names = table.columns.map(quoted)
      let rows = table.rows.map { row in
        "{" + zip(names, row).map { "\($0):\(number($1))" }.joined(separator: ",") + "}"
      }
      text += "[" + rows.joined(separator: ",") + "]"
    }
    return true
  }

  public static func number(_ value: Double) -> String { value.isFinite ? value.description : "null" }

  public static func quoted(_ text: String) -> String { Literal.string(text).description }

  private static func text(of tensor: Tensor) -> String {
    let elements = texts(of: tensor)
    var position = 0
    func nested(_ axis: Int) -> String {
      if axis == tensor.rank {
        position += 1
        return elements[position - 1]
      }
      return "[" + (0..<tensor.shape[axis]).map { _ in nested(axis + 1) }.joined(separator: ",") + "]"
    }
    return nested(0)
  }

  /// The elements as text, each in the precision of its own type.
  static func texts(of tensor: Tensor) -> [String] {
    func finite<T: BinaryFloatingPoint & CustomStringConvertible>(_ value: T) -> String {
      value.isFinite ? value.description : "null"
    }
    switch tensor.dtype {
    case .f32: return tensor.elements(Float.self).map(finite)
    case .f16: return tensor.elements(Float16.self).map(finite)
    case .f64, .bf16: return tensor.numbers.map(finite)
    case .i64: return tensor.elements(Int64.self).map(String.init)
    case .u64: return tensor.elements(UInt64.self).map(String.init)
    case .bool: return tensor.numbers.map { $0 == 0 ? "false" : "true" }
    default: return tensor.numbers.map { String(Int($0)) }
    }
  }
}
