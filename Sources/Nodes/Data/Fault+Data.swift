import Language

/// Wording of what can be wrong with training data.
extension Fault {
  static func noExamples(_ place: String) -> Fault { Fault("data", "\(place) holds no pictures to learn from") }

  static func noPortraits(_ folder: String) -> Fault {
    Fault("data", "\(folder) holds no picture NAME.png or .jpg with a NAME.json of its faces beside it")
  }

  static func emptyClass(_ folder: String) -> Fault {
    Fault("data", "the class folder \(folder) holds no pictures; remove it, or fill it")
  }

  /// A picture that another one stands for.
  static func replaced(_ fault: Fault, by path: String) -> Fault { fault.noting("\(path) stands for it") }

  static func lonePicture(_ path: String, _ other: String) -> Fault {
    Fault("data", "\(path) has no partner of that name in \(other)")
  }

  static func pairSizes(_ a: String, _ x: (Int, Int), _ b: String, _ y: (Int, Int)) -> Fault {
    Fault("data", "the pictures of a pair differ in size: \(a) is \(x.1)×\(x.0), \(b) is \(y.1)×\(y.0)")
  }

  static func unequalStreams(_ a: Int, _ b: Int) -> Fault {
    Fault("data", "x has \(a) examples, but y has \(b)")
  }

  static func tooFewExamples(_ count: Int, _ needed: Int, _ source: String) -> Fault {
    Fault("data", "\(source) gives \(count) examples, fewer than a batch of \(needed)")
  }

  static func badRows(_ path: String, _ why: String) -> Fault { Fault("data", "\(path): \(why)") }

  static func notAStream(_ port: String) -> Fault { .failed("port \"\(port)\" carries no stream") }

  static func samplerNeedsLabels() -> Fault {
    .params("the params \"identities\" and \"per_identity\" go together and need labels on the port \"y\"")
  }

  static func tooFewIdentities(_ count: Int, _ wanted: Int, _ source: String) -> Fault {
    Fault("data", "\(source) has \(count) identities with two pictures or more, fewer than the \(wanted) of a batch")
  }
}
