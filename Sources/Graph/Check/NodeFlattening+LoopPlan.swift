import Language

extension NodeFlattening {
  /// When the loop stops, what it keeps, how often it saves: from `until`, `keep`, `checkpoint` and `save_every`.
  func plan(_ op: Op, outputs: [String]) -> FlatGraph.LoopPlan? {
    var plan = FlatGraph.LoopPlan()
    var isSound = true
    func fields(_ setting: Setting?, _ key: String, _ read: (String, Literal, Place) -> Fault?) {
      guard let setting else { return }
      guard let value = scope.evaluate(setting) else {
        isSound = false
        return
      }
      guard case .object(let entries) = value else {
        checker.report(.loopSetting(node, key, "takes an object, not \(value)", at: setting.place))
        isSound = false
        return
      }
      for (name, written) in entries.sorted(by: { $0.key < $1.key }) {
        // 100.0 is as good a count as 100.
        let value = ParamValues.fit(written, .int) ?? written
        let place = setting.members?.first { $0.key == name }?.value.place ?? setting.place
        if let fault = read(name, value, place) {
          checker.report(fault)
          isSound = false
        }
      }
    }
    fields(node.until, "until") { name, value, place in
      switch (name, value) {
      case ("steps", .int(let count)) where count >= 0: plan.steps = count
      case ("seconds", let value) where (value.number ?? -1) >= 0: plan.seconds = value.number
      case ("rel_change", let value) where (value.number ?? -1) >= 0: plan.relativeChange = value.number
      case ("patience", .int(let count)) where count > 0: plan.patience = count
      case ("condition", .string(let name)) where outputs.contains(name): plan.condition = name
      case ("condition", .string(let name)):
        return .loopSetting(
          node, "until.condition",
          "names no output of the body: \"\(name)\"\(Suggestion.phrase(for: name, in: outputs))",
          at: place)
      case ("patience", _):
        return .loopSetting(node, "until.patience", "takes a whole number above 0, not \(value)", at: place)
      case ("steps", _), ("seconds", _), ("rel_change", _):
        return .loopSetting(node, "until.\(name)", "takes a number of at least 0, not \(value)", at: place)
      default:
        let keys = ["steps", "seconds", "rel_change", "condition", "patience"]
        return .loopSetting(
          node, "until",
          "has no \"\(name)\"\(Suggestion.phrase(for: name, in: keys)); it has \(keys.joined(separator: ", "))",
          at: place)
      }
      return nil
    }
    fields(node.keep, "keep") { name, value, place in
      guard outputs.contains(name) else {
        return .loopSetting(
          node, "keep", "names no output of the body: \"\(name)\"\(Suggestion.phrase(for: name, in: outputs))",
          at: place)
      }
      guard case .string(let word) = value, let mode = FlatGraph.LoopPlan.Keep(rawValue: word) else {
        return .loopSetting(node, "keep.\(name)", "is one of \"all\", \"last\", \"best\", not \(value)", at: place)
      }
      plan.keep.append((name, mode))
      return nil
    }
    if let setting = node.checkpoint {
      switch scope.evaluate(setting) {
      case .int(let count)? where count > 0: plan.checkpointEvery = count
      case .object(let fields)?:
        if case .int(let count)? = fields["every"], count > 0, fields.count == 1 {
          plan.checkpointEvery = count
        } else {
          checker.report(.loopSetting(node, "checkpoint", "takes {\"every\": steps}", at: setting.place))
          isSound = false
        }
      case .bool(false)?: plan.checkpointEvery = .max
      case nil: isSound = false
      default:
        checker.report(.loopSetting(node, "checkpoint", "takes a number of steps or false", at: setting.place))
        isSound = false
      }
    }
    if let setting = node.saveEvery {
      switch scope.evaluate(setting) {
      case .int(let count)? where count > 0: plan.saveEvery = count
      case .int(0)?, .null?: plan.saveEvery = nil
      case nil: isSound = false
      default:
        checker.report(.loopSetting(node, "save_every", "takes a number of steps", at: setting.place))
        isSound = false
      }
    }
    if plan.steps == nil, plan.seconds == nil, plan.relativeChange == nil, plan.condition == nil, isSound {
      checker.report(.endless(node))
      return nil
    }
    return isSound ? plan : nil
  }
}

/// Wording of what can be wrong with loops, branches and optimisation.
extension Fault {
  static func loopSetting(_ node: NodeDeclaration, _ key: String, _ why: String, at place: Place) -> Fault {
    Fault("loop", "node \"\(node.name)\": \(key) \(why)", at: place)
  }

  static func endless(_ node: NodeDeclaration) -> Fault {
    Fault(
      "loop", "node \"\(node.name)\" would never stop: \"until\" needs steps, seconds, rel_change or condition",
      at: node.place)
  }

  static func bodyNeeded(_ node: NodeDeclaration, _ key: String) -> Fault {
    Fault("missing-key", "node \"\(node.name)\" needs \"\(key)\": a graph", at: node.place)
  }

  static func bodyIsNoGraph(_ node: NodeDeclaration) -> Fault {
    Fault("type", "node \"\(node.name)\": a body is a graph (\"graph:name\" or a file), not an op", at: node.place)
  }

  static func conditionNeeded(_ node: NodeDeclaration) -> Fault {
    Fault(
      "missing-input",
      "node \"\(node.name)\" needs a condition: the input \"condition\", or the param \"condition\" under \"with\"",
      at: node.place)
  }

  static func stateNotReturned(_ node: NodeDeclaration, _ name: String) -> Fault {
    Fault("loop", "node \"\(node.name)\": the body has no output \"\(name)\" to carry that state on", at: node.place)
  }

  static func nothingToOptimise(_ node: NodeDeclaration) -> Fault {
    Fault("missing-key", "node \"\(node.name)\" needs \"wrt\": what to optimise, and where it starts", at: node.place)
  }

  static func lossNeeded(_ node: NodeDeclaration, _ names: [String]) -> Fault {
    Fault(
      "missing-key", "node \"\(node.name)\" needs \"loss\": one of the body's outputs \(names.joined(separator: ", "))",
      at: node.place)
  }

  static func noSuchLoss(_ node: NodeDeclaration, _ loss: Located<String>, _ names: [String]) -> Fault {
    Fault(
      "unknown-port",
      "node \"\(node.name)\": the body has no output \"\(loss.value)\"\(Suggestion.phrase(for: loss.value, in: names)); "
        + "it has \(names.joined(separator: ", "))", at: loss.place)
  }

  static func lossNotScalar(_ node: NodeDeclaration, _ loss: Located<String>, _ wire: Wire) -> Fault {
    Fault(
      "shape", "node \"\(node.name)\": the loss \"\(loss.value)\" must be a single number, but is \(wire.type.summary)",
      at: loss.place
    ).noting([OpUse.Line(name: "", text: loss.value, wire: wire)])
  }
}
