import Language

extension Scope {
  /// Assembles a foreign graph and gives a wire per output.
  func outputs(of foreign: any ForeignGraph) -> [(OutputDeclaration, Wire)] {
    let assembly = Assembly(self)
    var given: [String: GraphValue] = [:]
    for input in declaration.inputs {
      guard let wire = inputs[input.name], !wire.isAbsent else { continue }
      if wire.isBroken { return declaration.outputs.map { ($0, .broken) } }
      given[input.name] = assembly.value(wire)
    }
    do throws(Fault) {
      let values = try foreign.assemble(assembly, inputs: given)
      foreignValues = (values, assembly)
      return zip(declaration.outputs, values.outputs).map { ($0, assembly.wire($1)) }
    } catch {
      checker.report(error.at(opener))
      return declaration.outputs.map { ($0, .broken) }
    }
  }

  /// A value of the foreign graph by its name in the file.
  func foreignTap(_ name: String) -> Wire? {
    guard let (values, assembly) = foreignValues else { return .broken }
    do throws(Fault) { return try values.value(name).map(assembly.wire) } catch {
      checker.report(error.at(opener))
      return .broken
    }
  }
}

extension GraphFile {
  /// A foreign graph as a file of its own: it has inputs and outputs, its nodes come from its source.
  init(_ foreign: any ForeignGraph, file: String) {
    let place = Place(file: file, line: 1, column: 1)
    self.init(
      file: file,
      main: GraphDeclaration(
        name: nil, place: place, doc: foreign.doc,
        inputs: foreign.inputs.map { InputDeclaration($0, at: place) },
        outputs: foreign.outputs.map { OutputDeclaration(foreign: $0.name, at: place) }, foreign: foreign))
  }
}
