import Language

/// Where the weights of a call come from.
public enum WeightsBinding: Sendable {
  /// A path, or an expression that gives one.
  case file(Setting)
  /// A path with a table of names (`{"theirs": "ours"}`) and the layout of the kernels in the file (`"HWIO"`).
  case table(file: Setting, rename: Setting?, layout: Setting?)
  /// A value of type `weights`. Whatever could be a reference is one: paths are told apart by a slash or by the
  /// ending of a weight file.
  case reference(Reference)

  static let endings = [".safetensors", ".npz", ".npy", ".onnx"]

  init?(_ member: JSONMember?, reader: inout SyntaxReader) {
    guard let member else { return nil }
    let value = member.value
    switch value.kind {
    case .string(let text):
      let isPath = text.contains("/") || WeightsBinding.endings.contains { text.hasSuffix($0) }
      if !isPath, let reference = Reference(text, at: value.place) {
        self = .reference(reference)
      } else if text.isEmpty {
        reader.report(.emptyText(for: member.key, at: value.place))
        return nil
      } else {
        self = .file(Setting(.scalar(.string(text)), at: value.place))
      }
    case .object(let members) where members.contains { $0.key == "$" }:
      guard let setting = Setting(value, reader: &reader) else { return nil }
      self = .file(setting)
    case .object:
      guard
        let fields = reader.fields(of: value, "\"weights\"", keys: GraphKeys.weights, required: ["file"])
      else { return nil }
      let file = Setting.read(fields["file"], "a string", reader: &reader) { $0.isString }
      let rename = Setting.read(fields["rename"], "an object of names", reader: &reader) { form in
        if case .object = form { true } else { false }
      }
      let layout = Setting.read(fields["layout"], "a string", reader: &reader) { $0.isString }
      guard let file else { return nil }
      self = .table(file: file, rename: rename, layout: layout)
    default:
      reader.report(.wrongKind(for: "\"weights\"", "a file, a reference or an object", value))
      return nil
    }
  }
}

extension Setting.Form {
  var isString: Bool {
    if case .scalar(.string) = self { true } else { false }
  }
}
