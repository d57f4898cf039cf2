import Language

/// The params of a file with their values.
struct Environment {
  var values: [String: Literal] = [:]
  /// Those that nobody gave a value and that have no default: `values` holds some value of their type.
  var unset: Set<String> = []
  /// Those that were given a value.
  var given: Set<String> = []
}

/// Checks the params of a file and gives each its value: what was given for it, or its default.
struct ParamValues {
  let checker: Checker
  let file: GraphFile

  /// - Parameters:
  ///   - given: values from the command line or from a call's `with`.
  ///   - givenFrom: the file whose folder relative paths in `given` start from; nil: the working directory.
  ///   - guesses: those of `given` that are made from params without a value.
  ///   - computed: those of `given` in which paths that exist stand as they are: expressions, whose paths were found before.
  ///   - placeOf: where a given value was written.
  func environment(
    given: [String: Literal], givenFrom: String?, guesses: Set<String> = [],
    computed: Set<String> = [], owner: String, placeOf: (String) -> Place?
  ) -> Environment {
    var result = Environment()
    for param in file.params {
      let type: ValueType
      do { type = try ValueType(parsing: param.type.value) } catch {
        checker.report(error.at(param.type.place))
        result.values[param.name] = .null
        result.unset.insert(param.name)
        continue
      }
      if let fallback = param.defaultValue { _ = check(fallback.value, param, type, at: fallback.place) }
      var value: Literal?
      if guesses.contains(param.name) {
        result.unset.insert(param.name)
      } else if let wanted = given[param.name] {
        value = check(wanted, param, type, at: placeOf(param.name)).map {
          resolved($0, type, from: givenFrom, asTheyStand: computed.contains(param.name))
        }
        if value != nil { result.given.insert(param.name) }
      } else if let fallback = param.defaultValue {
        // Of a default, paths start from the file that it stands in.
        value = check(fallback.value, param, type, at: nil, quietly: true).map {
          resolved($0, type, from: fallback.place.file)
        }
      } else if checker.needsValues {
        checker.report(.paramNeeded(param, owner))
      }
      if value == nil { result.unset.insert(param.name) }
      result.values[param.name] = value ?? ParamValues.sample(param, type)
      if type == .named("model") { add(ModelFacts.names, of: param.name, value, to: &result) }
    }
    let names = file.params.map(\.name)
    for name in given.keys.sorted() where !names.contains(name) {
      checker.report(.noSuchParam(name, owner, names).at(placeOf(name)))
    }
    return result
  }

  /// What expressions may ask of a model.
  private func add(_ facts: [String], of name: String, _ path: Literal?, to result: inout Environment) {
    var known: [String: Literal]?
    if case .string(let path)? = path { known = ModelFacts.of(path, checker.library) }
    for fact in facts {
      result.values["\(name).\(fact)"] = known?[fact] ?? ModelFacts.guesses[fact]
      if known == nil { result.unset.insert("\(name).\(fact)") }
    }
  }

  /// A value to check a graph with when none is given: a choice, or a number within the bounds.
  private static func sample(_ param: ParamDeclaration, _ type: ValueType) -> Literal {
    if let choice = param.choices?.first.flatMap({ fit($0.value, type) }) { return choice }
    let number = max(1, param.minimum?.value.number ?? 1)
    let bounded = min(number, param.maximum?.value.number ?? number)
    return switch type {
    case .named("int"): .int(Int(exactly: bounded.rounded(.up)) ?? 1)
    case .named("number"): .float(bounded)
    case .named("bool"): .bool(false)
    case .list, .tuple: .array([])
    case .named: .string("")
    default: .null
    }
  }

  private func check(
    _ value: Literal, _ param: ParamDeclaration, _ type: ValueType, at place: Place?, quietly: Bool = false
  ) -> Literal? {
    func fail(_ fault: Fault) -> Literal? {
      if !quietly { checker.report(fault.at(place)) }
      return nil
    }
    guard let fitted = ParamValues.fit(value, type) else { return fail(.paramType(param, value)) }
    if let choices = param.choices, !choices.contains(where: { ParamValues.fit($0.value, type) == fitted }) {
      return fail(.notAChoice(param, value, choices.map(\.value)))
    }
    if let number = fitted.number {
      if let low = param.minimum?.value.number, number < low { return fail(.outOfBounds(param, value)) }
      if let high = param.maximum?.value.number, number > high { return fail(.outOfBounds(param, value)) }
    }
    return fitted
  }

  /// The literal as a value of `type`, or nil when it is none.
  static func fit(_ value: Literal, _ type: ValueType) -> Literal? {
    switch (type, value) {
    case (.any, _), (.named("literal"), _): value
    case (.optional, .null): .null
    case (.optional(let inner), _): fit(value, inner)
    case (.named("int"), .int), (.named("bool"), .bool): value
    case (.named("int"), .float(let number)) where number == number.rounded() && abs(number) < 1e15: .int(Int(number))
    case (.named("number"), .int(let number)): .float(Double(number))
    case (.named("number"), .float): value
    case (.named("string"), .string), (.named("file"), .string), (.named("folder"), .string),
      (.named("model"), .string), (.named("gallery"), .string), (.named("weights"), .string):
      value
    case (.list(let element), .array(let items)):
      fit(items, element).map { .array($0) }
    default: nil
    }
  }

  private static func fit(_ items: [Literal], _ element: ValueType) -> [Literal]? {
    var fitted: [Literal] = []
    for item in items {
      guard let item = fit(item, element) else { return nil }
      fitted.append(item)
    }
    return fitted
  }

  /// Paths become paths of files that exist, where they do.
  private func resolved(
    _ value: Literal, _ type: ValueType, from file: String?, asTheyStand: Bool = false
  ) -> Literal {
    switch (type, value) {
    case (.optional(let inner), _): return resolved(value, inner, from: file, asTheyStand: asTheyStand)
    case (.list(let element), .array(let items)):
      return .array(items.map { resolved($0, element, from: file, asTheyStand: asTheyStand) })
    case (.named("file"), .string(let path)), (.named("folder"), .string(let path)),
      (.named("model"), .string(let path)), (.named("weights"), .string(let path)):
      if path.isEmpty || (asTheyStand && checker.library.access.exists(path)) { return value }
      return .string(checker.library.resolve(path, from: file) ?? path)
    default: return value
    }
  }
}

/// Wording of what can be wrong with params and their values.
extension Fault {
  static func paramNeeded(_ param: ParamDeclaration, _ owner: String) -> Fault {
    Fault(
      "missing-param", "\(owner) needs the param \"\(param.name)\" (\(param.type.value)): it has no default",
      at: param.place)
  }

  static func noSuchParam(_ name: String, _ owner: String, _ names: [String]) -> Fault {
    let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return Fault(
      "unknown-param", "\(owner) has no param \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)")
  }

  static func paramType(_ param: ParamDeclaration, _ value: Literal) -> Fault {
    Fault("param", "param \"\(param.name)\" is of type \(param.type.value), but \(value) is \(value.kind)")
      .noting("declared at", at: param.place)
  }

  static func notAChoice(_ param: ParamDeclaration, _ value: Literal, _ choices: [Literal]) -> Fault {
    let words = choices.compactMap { if case .string(let word) = $0 { word } else { nil } }
    let suggestion = if case .string(let word) = value { Suggestion.phrase(for: word, in: words) } else { "" }
    let list = choices.map(\.description).joined(separator: ", ")
    return Fault("param", "param \"\(param.name)\" cannot be \(value)\(suggestion); it is one of \(list)")
      .noting("declared at", at: param.place)
  }

  static func outOfBounds(_ param: ParamDeclaration, _ value: Literal) -> Fault {
    let bounds =
      switch (param.minimum?.value, param.maximum?.value) {
      case (let low?, let high?): "from \(low) to \(high)"
      case (let low?, nil): "at least \(low)"
      case (nil, let high): "at most \(high ?? .null)"
      }
    return Fault("param", "param \"\(param.name)\" must be \(bounds), but is \(value)").noting(
      "declared at", at: param.place)
  }

  static func unreadable(_ path: String) -> Fault { Fault("file", "cannot read \(path)") }
}
