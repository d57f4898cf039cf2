import Language

/// The JSON Schema (draft 2020-12) of graph files, made from the registry, for editors.
public enum GraphSchema {
  public static func text(_ registry: Registry) -> String {
    Literal.object(schema(registry)).pretty()
  }

  static func schema(_ registry: Registry) -> [String: Literal] {
    let name: Literal = .string("^[a-z][a-z0-9_]*$")
    func named(_ value: Literal) -> Literal {
      .object(["type": .string("object"), "propertyNames": .object(["pattern": name]), "additionalProperties": value])
    }
    let graph: [String: Literal] = [
      "doc": type("string"), "inputs": named(ref("input")), "weights": ref("weights"), "nodes": named(ref("node")),
      "outputs": named(ref("output")),
    ]
    return [
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
      "title": .string("Weft graph, format 1"),
      "type": .string("object"),
      "required": .array([.string("format")]),
      "additionalProperties": .bool(false),
      "properties": .object(
        graph.merging([
          "$schema": type("string"), "format": .object(["const": .int(1)]), "name": type("string"),
          "ops": .object(["type": .string("object"), "additionalProperties": type("integer")]),
          "params": .object([
            "type": .string("object"),
            "propertyNames": .object(["pattern": .string("^([a-z][a-z0-9_]*|\\*)$")]),
            "properties": .object([
              "*": .object(["type": .array([.string("string"), .string("array")]), "items": type("string")])
            ]),
            "additionalProperties": ref("param"),
          ]),
          "graphs": named(ref("graph")),
        ]) { a, _ in a }),
      "$defs": .object([
        "graph": closed(graph, required: ["outputs"]),
        "param": closed(
          [
            "type": type("string"), "default": .object([:]), "min": type("number"), "max": type("number"),
            "choices": type("array"), "doc": type("string"),
          ], required: []),
        "input": .object([
          "oneOf": .array([
            type("string"),
            closed(["type": type("string"), "optional": type("boolean"), "doc": type("string")], required: ["type"]),
          ])
        ]),
        "output": .object([
          "oneOf": .array([
            ref("reference"),
            closed(
              ["from": ref("reference"), "save": .object([:]), "optional": type("boolean"), "doc": type("string")],
              required: ["from"]),
          ])
        ]),
        "reference": .object([
          "oneOf": .array([
            .object(["type": .string("string"), "pattern": .string("^@?[a-z][a-z0-9_]*(\\..+)?$")]),
            .object(["type": .string("array"), "items": ref("reference")]),
          ])
        ]),
        "references": .object(["type": .string("object"), "additionalProperties": ref("reference")]),
        "expression": closed(["$": type("string")], required: ["$"]),
        "weights": .object([
          "oneOf": .array([
            type("string"), ref("expression"),
            closed(["file": .object([:]), "rename": .object([:]), "layout": .object([:])], required: ["file"]),
          ])
        ]),
        "node": node(registry),
      ]),
    ]
  }

  /// One alternative per op with its ports and params; any other op text is a graph or a file.
  private static func node(_ registry: Registry) -> Literal {
    let keys: [String: Literal] = [
      "op": .object(["oneOf": .array([type("string"), ref("expression")])]), "in": ref("references"),
      "each": ref("references"), "with": type("object"), "weights": ref("weights"), "taps": .object([:]),
      "body": type("string"), "then": type("string"), "else": type("string"), "validate": type("string"),
      "loss": type("string"),
      "wrt": ref("references"), "state": ref("references"), "until": type("object"), "keep": type("object"),
      "checkpoint": .object([:]), "save_every": .object([:]), "on_error": words(["fail", "skip", "null"]),
      "inflight": type("integer"), "batch": .object([:]), "cache": words(["auto", "off", "keep"]),
      "expect": .object(["type": .string("object"), "additionalProperties": type("string")]),
      "stream": type("string"), "doc": type("string"),
    ]
    let rules = registry.publicOps.filter { $0.structure.isEmpty }.map { op -> Literal in
      let params = Dictionary(uniqueKeysWithValues: op.params.map { ($0.name, param($0)) })
      return .object([
        "if": .object(["properties": .object(["op": .object(["const": .string(op.name)])])]),
        "then": .object([
          "description": .string(op.doc),
          "properties": .object([
            "with": .object([
              "type": .string("object"), "additionalProperties": .bool(false), "properties": .object(params),
            ])
          ]),
        ]),
      ])
    }
    return .object([
      "type": .string("object"), "required": .array([.string("op")]), "additionalProperties": .bool(false),
      "properties": .object(keys), "allOf": .array(rules),
    ])
  }

  private static func param(_ param: Param) -> Literal {
    var schema: [String: Literal] = [:]
    switch param.kind {
    case .bool: schema["type"] = .string("boolean")
    case .int(let range):
      schema["type"] = .string("integer")
      if range.lowerBound != .min { schema["minimum"] = .int(range.lowerBound) }
      if range.upperBound != .max { schema["maximum"] = .int(range.upperBound) }
    case .number(let range):
      schema["type"] = .string("number")
      if range.lowerBound.isFinite { schema["minimum"] = .float(range.lowerBound) }
      if range.upperBound.isFinite { schema["maximum"] = .float(range.upperBound) }
    case .string: schema["type"] = .string("string")
    case .choice(let choices): schema["enum"] = .array(choices.map { .string($0) })
    case .ints, .numbers: schema["type"] = .array([.string("number"), .string("array")])
    case .strings: schema["type"] = .array([.string("string"), .string("array")])
    case .any: break
    }
    if param.fallback == .null { schema = ["oneOf": .array([type("null"), .object(schema)])] }
    var result: [String: Literal] = ["anyOf": .array([.object(schema), ref("expression")])]
    result["description"] = .string(param.doc)
    // JSON has no infinity; a default without bound goes without saying.
    if let fallback = param.fallback, fallback.number?.isFinite ?? true { result["default"] = fallback }
    return .object(result)
  }

  private static func type(_ name: String) -> Literal { .object(["type": .string(name)]) }
  private static func ref(_ name: String) -> Literal { .object(["$ref": .string("#/$defs/\(name)")]) }
  private static func words(_ words: [String]) -> Literal { .object(["enum": .array(words.map { .string($0) })]) }

  private static func closed(_ properties: [String: Literal], required: [String]) -> Literal {
    .object([
      "type": .string("object"), "additionalProperties": .bool(false), "properties": .object(properties),
      "required": .array(required.map { .string($0) }),
    ])
  }
}

extension Literal {
  /// Indented JSON with keys in byte order.
  func pretty(_ indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .array(let items) where !items.isEmpty:
      return "[\n" + items.map { inner + $0.pretty(inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let fields) where !fields.isEmpty:
      let lines = fields.sorted { $0.key < $1.key }.map { key, value in
        inner + Literal.string(key).description + ": " + value.pretty(inner)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return description
    }
  }
}
