import Language

/// Wording of what can be wrong with faces on their way into and out of galleries.
extension Fault {
  static let nobodyToEnroll = Fault.failed("the photo shows no face to enroll")

  static func manyToEnroll(_ count: Int) -> Fault {
    .failed(
      "the photo shows \(count) faces, but all would get one name; choose one (face=largest) or say several=enroll")
  }

  static let nobodyToVerify = Fault.failed("the photo shows no face to verify")

  static func facesOfDifferentLength(_ a: Int, _ b: Int) -> Fault {
    .failed("embeddings of \(a) and of \(b) numbers come from different encoders")
  }

  static func facesOfDifferentRecipe(_ a: String, _ b: String) -> Fault {
    .failed("faces brought to the encoder by \"\(a)\" and by \"\(b)\" cannot be compared")
  }
}
