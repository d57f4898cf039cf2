import Language

/// What is left of a type's meaning when its axes change.
extension Meaning {
  private static let layouts: Set<String> = ["NCHW", "NHWC", "CHW", "HWC"]

  /// The channel axis, where the layout is known.
  var channelAxis: Int? { layout.flatMap { layout in Array(layout).firstIndex(of: "C") } }

  /// After elements along `axes` were left out or reordered: the colour order goes with the channels.
  func changing(_ axes: [Int]) -> Meaning {
    var result = self
    if colour != nil, channelAxis.map({ axes.contains($0) }) ?? true, !axes.isEmpty { result.colour = nil }
    return result
  }

  /// After the axes were put in another order, dropped or added (-1): colour and range stay, the layout is renamed.
  func rearranged(_ order: [Int]) -> Meaning {
    var result = self
    guard let letters = layout.map({ Array($0) }) else { return result }
    let name = String(order.map { $0 < 0 ? "N" : letters[$0] })
    result.layout = Meaning.layouts.contains(name) ? name : nil
    if !order.contains(where: { $0 >= 0 && letters[$0] == "C" }) { result.colour = nil }
    return result
  }
}
