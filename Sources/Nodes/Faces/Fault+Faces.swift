import Language

/// Wording of what can go wrong with faces.
extension Fault {
  static func noFace(_ port: String, _ fields: [String]) -> Fault {
    .failed(
      "port \"\(port)\" needs a face, a record with \"box\" [x1, y1, x2, y2], but one arrived with "
        + (fields.isEmpty ? "nothing" : fields.joined(separator: ", ")))
  }

  static let noFaceFound = Fault.failed(
    "no face was found; a lower \"score\", other \"sizes\" or a wider \"pad\" may help, and no_face=whole takes the "
      + "whole picture instead")

  static func pointCount(_ recipe: String, _ wanted: String, _ count: Int) -> Fault {
    .failed("alignment \"\(recipe)\" needs \(wanted) points, but the face has \(count)")
  }

  static let collapsedPoints = Fault.failed("the points of the face fall together: it cannot be aligned")

  static func flatBox(_ width: Double, _ height: Double) -> Fault {
    .failed("the box of the face is \(width) × \(height): there is nothing to cut out")
  }

  static func signature(_ shapes: [String]) -> Fault {
    .failed(
      "no detector is known whose outputs are \(shapes.joined(separator: ", ")); name its \"kind\" or check the model")
  }

  static func outputKind(_ kind: String, _ lacking: String, _ shapes: [String]) -> Fault {
    .failed("as \(kind), the outputs \(shapes.joined(separator: ", ")) lack \(lacking)")
  }

  static func anchorCount(_ rows: Int, _ expected: String) -> Fault {
    .failed("an output has \(rows) rows where the anchors are \(expected)")
  }

  static func outputCount(_ what: String, _ count: Int, _ wanted: String) -> Fault {
    .failed("\(what) is read from \(wanted) numbers, but \(count) arrived")
  }

  static func embeddingLengths(_ a: Int, _ b: Int) -> Fault {
    .failed("embeddings of \(a) and \(b) numbers come from different encoders: they cannot be compared")
  }

  static let emptyEmbedding = Fault.failed("an embedding of length 0 has no direction")
}
