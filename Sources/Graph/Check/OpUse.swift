import Language

/// One use of a registered op, as written, and its check: params, ports, types, result types.
struct OpUse {
  /// A param as given: its value once expressions are evaluated, and where key and value stand.
  struct Argument {
    let value: Literal
    /// Made from a param that has no value yet: only a stand-in.
    let isGuess: Bool
    /// An expression gave it: paths in it have been found.
    var isComputed = false
    let keyPlace: Place?
    let place: Place?
  }

  /// What is connected to a port: several wires for a list written out.
  struct Connection {
    /// As written, for notes: `now.content`, `@goal`.
    let text: String
    let wire: Wire
    let keyPlace: Place?
    let place: Place?

    func line(_ name: String = "") -> Line { Line(name: name, text: text, wire: wire) }
  }

  /// What stands at a port, for the notes of a fault.
  struct Line {
    let name: String
    let text: String
    let wire: Wire
  }

  let op: Op
  /// The name for messages: `nn.mse "close"`.
  let name: String
  let arguments: Named<Argument>
  var connections: Named<Connection>
  let place: Place?

  /// `nn.mse "close"`.
  var title: String { "\(op.name) \"\(name)\"" }

  /// Params with defaults; every fault goes to `report`. nil when one was wrong.
  func attributes(_ report: (Fault) -> Void) -> Attributes? {
    var result = Attributes()
    var isSound = true
    let params = op.params
    let unknown = arguments.filter { name, _ in !params.contains { $0.name == name } }
    for (name, argument) in unknown { report(.unknownParam(self, name, at: argument.keyPlace)) }
    if !unknown.isEmpty { isSound = false }
    result.reserveCapacity(params.count)
    for param in params {
      let argument = arguments[param.name]
      guard let value = argument?.value ?? param.fallback else {
        // Most likely it was given under the wrong name.
        if unknown.isEmpty { report(.missingParam(self, param)) }
        isSound = false
        continue
      }
      switch param.check(value) {
      case .success(let canonical): result[param.name] = canonical
      case .failure where argument?.isGuess == true: result[param.name] = param.fallback ?? param.sample
      case .failure(let fault):
        report(fault.inOp(title).at(argument?.place ?? place))
        isSound = false
      }
    }
    return isSound ? result : nil
  }

  /// Wires per port, in the op's order, matched against the ports' types. nil when something is wrong or broken.
  func wires(_ report: (Fault) -> Void) -> [[Wire]]? {
    var isSound = true
    let ports = op.inputs
    let unknown = connections.filter { name, _ in !ports.contains { $0.name == name } }
    for (name, connection) in unknown { report(.unknownPort(self, name, at: connection.keyPlace ?? connection.place)) }
    if !unknown.isEmpty { isSound = false }
    var unifier = Unifier()
    var result: [[Wire]] = []
    result.reserveCapacity(ports.count)
    for port in ports {
      guard let connection = connections[port.name] else {
        if port.arity == .one || port.arity == .variadic {
          if unknown.isEmpty { report(.missingPort(self, port)) }
          isSound = false
        }
        result.append([])
        continue
      }
      if connection.wire.isBroken {
        isSound = false
        result.append([])
        continue
      }
      if connection.wire.isAbsent, port.arity != .one, port.arity != .variadic {
        result.append([])
        continue
      }
      var wires = [connection.wire]
      if port.arity == .variadic {
        guard let items = connection.wire.elements else {
          report(.variadicNeedsList(self, port, connection))
          isSound = false
          continue
        }
        wires = items
      }
      for (index, wire) in wires.enumerated() {
        // A constant number is a number whatever it was written as; sizes of a variadic port's items are their own.
        var item = unifier
        do {
          try item.match(port.type, wire.type)
          if port.arity != .variadic { unifier = item }
        } catch {
          report(.mismatch(self, port, port.arity == .variadic ? index : nil, wire, connection, error))
          isSound = false
        }
      }
      result.append(wires)
    }
    return isSound ? result : nil
  }
}

/// Wording of what can be wrong with a node.
extension Fault {
  /// One note per line, `a = now.content  tensor<f32>[1,512,H,W]  from now/net/relu5_1`, in columns, with where an
  /// input of an opened graph comes from under it. At most eight lines.
  func noting(_ lines: [OpUse.Line]) -> Fault {
    let shown = lines.prefix(8)
    let rows = shown.map { line in
      [
        [line.name, line.text].filter { !$0.isEmpty }.joined(separator: " = "), line.wire.type.summary,
        line.wire.origin.text == "from \(line.text)" ? "made at" : line.wire.origin.text,
      ]
    }
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
    var fault = self
    for (line, row) in zip(shown, rows) {
      let cells = (0..<2).map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
      fault.notes.append(Note((cells + [row[2]]).joined(separator: "  "), at: line.wire.origin.place))
      fault.notes += line.wire.origin.earlier.prefix(3)
    }
    return lines.count > shown.count ? fault.noting("and \(lines.count - shown.count) more") : fault
  }

  func inOp(_ title: String) -> Fault {
    var fault = self
    fault.message = "\(title): \(message)"
    return fault
  }

  static func missingParam(_ use: OpUse, _ param: Param) -> Fault {
    Fault("missing-param", "\(use.title) needs the param \"\(param.name)\": \(param.expected)", at: use.place)
  }

  static func unknownParam(_ use: OpUse, _ name: String, at place: Place?) -> Fault {
    let names = use.op.params.map(\.name)
    let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return Fault(
      "unknown-param", "\(use.title) has no param \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)",
      at: place ?? use.place)
  }

  static func unknownPort(_ use: OpUse, _ name: String, at place: Place?) -> Fault {
    let names = use.op.inputs.map(\.name)
    let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return Fault(
      "unknown-port", "\(use.title) has no input \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)",
      at: place ?? use.place)
  }

  static func missingPort(_ use: OpUse, _ port: Port) -> Fault {
    Fault("missing-input", "\(use.title) needs the input \"\(port.name)\": \(port.type)", at: use.place)
  }

  static func variadicNeedsList(_ use: OpUse, _ port: Port, _ connection: OpUse.Connection) -> Fault {
    let why =
      switch connection.wire.type {
      case .list, .stream: "\(connection.text) is \(connection.wire.type), whose length is not known before the run"
      default: "write [\"\(connection.text)\"]"
      }
    return Fault(
      "type", "\(use.title): port \(port.name) takes a list of values; \(why)", at: connection.place ?? use.place
    ).noting([connection.line()])
  }

  static func mismatch(
    _ use: OpUse, _ port: Port, _ index: Int?, _ wire: Wire, _ connection: OpUse.Connection,
    _ mismatch: Unifier.Mismatch
  ) -> Fault {
    let name = port.name + (index.map { "[\($0)]" } ?? "")
    var fault = Fault(
      mismatch.code, "\(use.title): port \(name): \(mismatch.text)", at: connection.place ?? use.place)
    if let hint = hint(port.type, wire.type) { fault.message += "; \(hint)" }
    return fault.noting([OpUse.Line(name: name, text: connection.text, wire: wire)])
  }

  /// A complaint of the op's shape rule, with what stands at each port: at the param it names, else at the first port.
  static func inference(_ use: OpUse, _ fault: Fault) -> Fault {
    let lines = use.op.inputs.flatMap { port -> [OpUse.Line] in
      guard let connection = use.connections[port.name] else { return [] }
      guard port.arity == .variadic, case .list(let items, _) = connection.wire else {
        return [connection.line(port.name)]
      }
      return items.enumerated().map { OpUse.Line(name: "\(port.name)[\($0)]", text: "", wire: $1) }
    }
    let argument = use.arguments.sorted { $0.key < $1.key }.first { fault.message.contains("\"\($0.key)\"") }?.value
    let connection = use.op.inputs.lazy.compactMap { use.connections[$0.name]?.place }.first
    let place = argument?.place ?? (fault.code == "param" ? use.place : connection ?? use.place)
    return fault.inOp(use.title).at(place).noting(lines)
  }

  /// The node that would make the two types meet, where one is known.
  static func hint(_ wanted: ValueType, _ given: ValueType) -> String? {
    switch (wanted, given) {
    case (.image, .named("file")): "image.load reads a picture from a file"
    case (.tensor, .image): "image.to_tensor makes a tensor of a picture"
    case (.image, .tensor): "image.from_tensor makes a picture of a tensor"
    case (.tensor(let a), .tensor(let b)) where differ(a.meaning.range, b.meaning.range):
      "image.normalise changes the value range"
    case (.tensor(let a), .tensor(let b)) where differ(a.meaning.colour, b.meaning.colour):
      "image.normalise changes the colour order"
    default: nil
    }
  }

  private static func differ(_ a: String?, _ b: String?) -> Bool { a != nil && b != nil && a != b }
}
