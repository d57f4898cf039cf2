import Language

/// The ops that weights come from; registered like any other, known here by name.
enum WeightOps {
  /// file → weights; params rename, layout.
  static let load = "weights.load"
  /// weights → tensor; params name, shape, initial.
  static let tensor = "weights.tensor"
  /// → tensor; params name, shape, method, value.
  static let initialize = "weights.initialize"
}

extension Scope {
  /// What a `weights` key says; nil where it says nothing, or only an empty path.
  func bind(_ binding: WeightsBinding?) -> Weights? {
    switch binding {
    case nil: return nil
    case .reference(let reference)?: return bound(wire(reference), reference)
    case .file(let setting)?: return load(setting, rename: nil, layout: nil)
    case .table(let file, let rename, let layout)?: return load(file, rename: rename, layout: layout)
    }
  }

  /// A value as weights: a set of them, or a file of them.
  private func bound(_ wire: Wire, _ reference: Reference) -> Weights {
    switch wire.type {
    case .weights, .any: return .bound(wire)
    case .file, .named("model"):
      return .bound(load(wire, path: prefix + "weights:" + reference.name, settings: [:], at: reference.place))
    default:
      if !wire.isBroken { checker.report(.notWeights(reference, wire)) }
      return .bound(.broken)
    }
  }

  private func load(_ setting: Setting, rename: Setting?, layout: Setting?) -> Weights? {
    guard let value = evaluate(setting) else { return isGuess(setting) ? nil : .bound(.broken) }
    if value == .null || value == .string("") { return nil }
    guard case .string(let path) = value else {
      checker.report(.weightsNeedPath(value, at: setting.place))
      return .bound(.broken)
    }
    let found = checker.library.resolve(path, of: setting, from: file.file)
    if found == nil {
      checker.report(
        .weightFileAbsent(
          path, checker.library.suggestion(path, from: file.file), needed: checker.needsValues, at: setting.place))
    }
    var settings: [String: Literal] = [:]
    if let rename { settings["rename"] = evaluate(rename) }
    if let layout { settings["layout"] = evaluate(layout) }
    let origin = Wire.Origin(text: "written at", place: setting.place)
    return .bound(
      load(
        .constant(.file(found ?? path), .file, origin), path: prefix + "weights:" + GraphLibrary.lastPart(path),
        settings: settings, at: setting.place))
  }

  /// Opens a weight file.
  private func load(_ file: Wire, path: String, settings: [String: Literal], at place: Place) -> Wire {
    guard let op = checker.registry[WeightOps.load] else { preconditionFailure("\(WeightOps.load) is not registered") }
    let (attributes, faults) = op.attributes(settings)
    var fault = faults.first
    if fault == nil {
      do throws(Fault) { _ = try op.infer(Facts(op: op, attributes: attributes, inputs: [[file.type]])) } catch {
        fault = error
      }
    }
    if let fault {
      checker.report(fault.inOp("\"weights\"").at(place))
      return .broken
    }
    let home = builder.home(of: [file], staysHere: false)
    return home.add(
      FlatBuilder.NodeParts(
        path: path, op: op, attributes: attributes, operands: [[file]], ports: [(op.outputs[0].name, .weights)],
        place: place))[0]
  }

  /// The wire of one network parameter of type `type`.
  func parameter(
    _ name: String, _ type: ValueType, _ initializer: Initializer, path: String, of use: OpUse,
    in builder: FlatBuilder
  ) -> Wire? {
    let source: (op: String, operands: [[Wire]], settings: [String: Literal])
    let shape: Literal? = type.concrete.map { .array($0.shape.map { .int($0) }) }
    switch weights {
    case .bound(let wire):
      if wire.isBroken { return nil }
      source = (
        WeightOps.tensor, [[wire]],
        ["name": .string(name), "shape": shape ?? .null, "initial": .object(initializer.settings)]
      )
    case .initial:
      guard let shape else {
        // A network checked by itself does not know its input channels; only a run has to.
        if !checker.needsValues {
          return .constant(.none, type, Wire.Origin(text: "initial weights", place: use.place))
        }
        checker.report(.unknownParameterShape(use, name, type))
        return nil
      }
      source = (
        WeightOps.initialize, [], ["name": .string(name), "shape": shape].merging(initializer.settings) { a, _ in a }
      )
    }
    guard let op = checker.registry[source.op] else { preconditionFailure("\(source.op) is not registered") }
    let (attributes, faults) = op.attributes(source.settings)
    for fault in faults { checker.report(fault.at(use.place)) }
    guard faults.isEmpty else { return nil }
    let home = builder.home(of: source.operands.flatMap { $0 }, staysHere: false)
    return home.add(
      FlatBuilder.NodeParts(
        path: path, op: op, attributes: attributes, operands: source.operands,
        ports: [(op.outputs[0].name, type)], isShared: true, place: use.place))[0]
  }
}

extension Initializer {
  var settings: [String: Literal] {
    switch self {
    case .constant(let value): ["method": .string("constant"), "value": .float(value)]
    case .heNormal: ["method": .string("he_normal")]
    case .xavierUniform: ["method": .string("xavier_uniform")]
    }
  }
}

extension GraphLibrary {
  static func lastPart(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}

/// Wording of what can be wrong with weights.
extension Fault {
  static func weightsNeedPath(_ value: Literal, at place: Place) -> Fault {
    Fault("param", "\"weights\" takes the path of a weight file, not \(value)", at: place)
  }

  static func notWeights(_ reference: Reference, _ wire: Wire) -> Fault {
    Fault(
      "type", "\"weights\" takes weights or a weight file, but \(reference.text) is \(wire.type)", at: reference.place
    )
    .noting([OpUse.Line(name: "", text: reference.text, wire: wire)])
  }

  static func weightFileAbsent(_ path: String, _ suggestion: String, needed: Bool, at place: Place) -> Fault {
    Fault(
      "missing-file", "there is no weight file \"\(path)\"\(suggestion)", at: place,
      severity: needed ? .error : .warning)
  }

  static func unknownParameterShape(_ use: OpUse, _ name: String, _ type: ValueType) -> Fault {
    Fault(
      "shape",
      "\(use.title): the shape of its parameter \"\(name)\" is \(type); initial weights need every extent known",
      at: use.place)
  }
}
