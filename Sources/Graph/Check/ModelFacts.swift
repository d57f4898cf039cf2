import Language

/// What expressions may ask of a param of type `model` before the run, so that a graph can suit itself to the model it is
/// given: `detector.outputs` and `detector.inputs` (how many), `detector.height` and `detector.width` (of a picture
/// [N, C, H, W] at its first input; 0 where any extent will do), `detector.name` and `detector.ending` (of the file: onnx, json, xml).
enum ModelFacts {
  static let names = ["ending", "height", "inputs", "name", "outputs", "width"]

  /// Values to check a graph with while the model is not there.
  static let guesses: [String: Literal] = [
    "ending": .string("onnx"), "height": .int(0), "inputs": .int(1), "name": .string(""), "outputs": .int(1),
    "width": .int(0),
  ]

  /// nil when the model is not there, or cannot be opened: then its call says why.
  static func of(_ path: String, _ library: GraphLibrary) -> [String: Literal]? {
    guard library.access.exists(path), let dot = path.lastIndex(of: ".") else { return nil }
    var facts = guesses
    facts["ending"] = .string(path[path.index(after: dot)...].lowercased())
    facts["name"] = .string((path[..<dot].split(separator: "/").last ?? "").lowercased())
    guard library.isGraph(path) else { return facts }
    guard let main = library.load(path).0?.main else { return nil }
    facts["inputs"] = .int(main.inputs.count)
    facts["outputs"] = .int(main.outputs.count)
    if let type = main.inputs.first?.type.value, case .tensor(let tensor)? = try? ValueType(parsing: type),
      let shape = tensor.shape, shape.count == 4
    {
      facts["height"] = .int(shape[2].value ?? 0)
      facts["width"] = .int(shape[3].value ?? 0)
    }
    return facts
  }
}
