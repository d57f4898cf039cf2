import Language

/// A value with the place where it was written.
public struct Located<Value: Sendable>: Sendable {
  public let value: Value
  public let place: Place

  public init(_ value: Value, at place: Place) {
    self.value = value
    self.place = place
  }
}
