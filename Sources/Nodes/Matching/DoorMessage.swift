/// What is said at the door of the Happy House (deeplearning.ai, Convolutional Neural Networks, week 4).
enum DoorMessage {
  static func verified(_ name: String, _ isMatch: Bool) -> String {
    isMatch ? "It's \(name), welcome home!" : "It's not \(name), please go away"
  }

  /// `name` nil: nobody is near enough. The distance has the fewest digits that a Float needs.
  static func recognised(_ name: String?, _ distance: Double) -> String {
    name.map { "it's \($0), the distance is \(Float(distance))" } ?? "Not in the database."
  }
}
