import Language
import Tensors

/// A window that slides over the spatial axes of [N, C, spatial…]: sizes of convolutions and pools of any rank.
struct SpatialWindow {
  let input: [Int]
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  /// Per axis, before and after.
  var begins: [Int]
  var ends: [Int]
  var output: [Int]

  static let params: [Param] = [
    .attribute("auto_pad", words: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]), .ints("kernel_shape"),
    .ints("strides"), .ints("pads"), .ints("dilations"),
  ]

  /// `kernel` overrides the attribute (a convolution knows it from its weights).
  init(_ call: HostCall, input: [Int], kernel given: [Int]? = nil, isCeil: Bool = false) throws(Fault) {
    let rank = input.count
    func list(_ name: String, _ fallback: Int, _ count: Int) throws(Fault) -> [Int] {
      let values = call.ints(name) ?? Array(repeating: fallback, count: count)
      guard values.count == count else { throw .listLength(name, values.count, count) }
      return values
    }
    let kernel = try list("kernel_shape", 1, rank)
    if let given, call.ints("kernel_shape") != nil, given != kernel { throw .extents("W", given, kernel) }
    self.kernel = given ?? kernel
    self.input = input
    strides = try list("strides", 1, rank)
    dilations = try list("dilations", 1, rank)
    let pads = try list("pads", 0, 2 * rank)
    begins = Array(pads[..<rank])
    ends = Array(pads[rank...])
    output = []
    for (name, values) in [("kernel_shape", self.kernel), ("strides", strides), ("dilations", dilations)] {
      guard values.allSatisfy({ (1...(1 << 31)).contains($0) }) else {
        throw .attribute(name, "\(values) is out of range")
      }
    }
    guard pads.allSatisfy({ (-(1 << 31)...(1 << 31)).contains($0) }), input.allSatisfy({ $0 < 1 << 40 }) else {
      throw .attribute("pads", "\(pads) is out of range")
    }
    let autoPad = call.attributes.has("auto_pad") ? call.attributes.string("auto_pad") : "NOTSET"
    for axis in 0..<rank { try settle(axis, autoPad, isCeil) }
    _ = try Extents.count(output)
  }

  /// A window whose sizes are all known.
  init(
    input: [Int], kernel: [Int], strides: [Int], dilations: [Int], begins: [Int], ends: [Int], output: [Int]
  ) {
    self.input = input
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    self.begins = begins
    self.ends = ends
    self.output = output
  }

  /// Elements of the padded axis that one window covers.
  func span(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }

  private mutating func settle(_ axis: Int, _ autoPad: String, _ isCeil: Bool) throws(Fault) {
    let stride = strides[axis]
    switch autoPad {
    case "SAME_UPPER", "SAME_LOWER":
      let count = (input[axis] + stride - 1) / stride
      let total = max(0, (count - 1) * stride + span(axis) - input[axis])
      begins[axis] = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2
      ends[axis] = total - begins[axis]
      output.append(count)
    default:
      if autoPad == "VALID" { (begins[axis], ends[axis]) = (0, 0) }
      let room = input[axis] + begins[axis] + ends[axis] - span(axis)
      guard room >= 0 else { throw .window(input[axis], begins[axis] + ends[axis], span(axis)) }
      var count = (isCeil ? room + stride - 1 : room) / stride + 1
      // The last window must begin inside the input or the padding before it.
      if isCeil, (count - 1) * stride >= input[axis] + begins[axis] { count -= 1 }
      output.append(count)
    }
  }

  var inputArea: Int { input.reduce(1, *) }
  var outputArea: Int { output.reduce(1, *) }
  var taps: Int { kernel.reduce(1, *) }

  /// Calls `body` for every place of the window: the offsets within a plane of the input elements it covers (in order of the
  /// kernel), and how many of its taps lie within the padded input.
  func forEachPlace(_ body: (_ place: Int, _ offsets: [Int], _ padded: Int) -> Void) {
    let planes = Extents.strides(input)
    var indices = Array(repeating: 0, count: output.count)
    for place in 0..<outputArea {
      var offsets = [0]
      var padded = 1
      for axis in input.indices {
        let start = indices[axis] * strides[axis] - begins[axis]
        let positions = (0..<kernel[axis]).lazy.map { start + $0 * dilations[axis] }
        padded *= positions.count { $0 < input[axis] + ends[axis] }
        let inside = positions.filter { (0..<input[axis]).contains($0) }
        offsets = offsets.flatMap { offset in inside.map { offset + $0 * planes[axis] } }
      }
      body(place, offsets, padded)
      for axis in output.indices.reversed() {
        indices[axis] += 1
        if indices[axis] < output[axis] { break }
        indices[axis] = 0
      }
    }
  }

  /// Calls `body` for every pair of a kernel tap and a place whose input element exists: the columns of im2col.
  @inline(__always)
  func forEachColumn(tap: Int, _ body: (_ place: Int, _ offset: Int) -> Void) {
    let planes = Extents.strides(input)
    let taps = Extents.strides(kernel)
    let shifts = kernel.indices.map { tap / taps[$0] % kernel[$0] * dilations[$0] - begins[$0] }
    var indices = Array(repeating: 0, count: output.count)
    let last = output.count - 1
    let (width, step) = (output[last], strides[last])
    var place = 0
    while place < outputArea {
      var offset: Int? = 0
      for axis in 0..<last {
        let position = indices[axis] * strides[axis] + shifts[axis]
        offset = (0..<input[axis]).contains(position) ? offset.map { $0 + position * planes[axis] } : nil
      }
      if let offset {
        for column in 0..<width {
          let position = column * step + shifts[last]
          if position >= 0, position < input[last] { body(place + column, offset + position) }
        }
      }
      place += width
      for axis in (0..<last).reversed() {
        indices[axis] += 1
        if indices[axis] < output[axis] { break }
        indices[axis] = 0
      }
    }
  }
}
