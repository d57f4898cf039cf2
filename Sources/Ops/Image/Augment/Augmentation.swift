import Kernels
import Language
import Tensors

/// What the random changes of training pictures share: a batch [N, C, H, W], numbers of its own for every picture, drawn
/// by counter from the run's seed, the node's place and the step.
enum Augmentation {
  /// The planes of one picture and what was drawn for it.
  struct Picture {
    let channels: Int
    let height: Int
    let width: Int
    let x: UnsafePointer<Float>
    let y: UnsafeMutablePointer<Float>
    /// Uniform on [0, 1).
    let numbers: UnsafeMutableBufferPointer<Float>

    var area: Int { height * width }

    func copy() { y.update(from: x, count: channels * area) }

    /// Fills y with what `source` reads of each plane of x at (row, column); nil is the fill value of the channel.
    func map(_ fill: [Float], _ source: (_ row: Int, _ column: Int) -> Int?) {
      for row in 0..<height {
        for column in 0..<width {
          let place = source(row, column)
          for channel in 0..<channels {
            y[channel * area + row * width + column] =
              place.map { x[channel * area + $0] } ?? Augmentation.value(fill, channel)
          }
        }
      }
    }
  }

  /// An op that changes each picture of a batch by `count` random numbers.
  static func op(
    _ name: String, doc: String, params: [Param], numbers count: Int,
    check: @escaping @Sendable (Facts) throws(Fault) -> Void = { _ throws(Fault) in },
    apply: @escaping @Sendable (Attributes) -> (@Sendable (Picture) -> Void)
  ) -> Op {
    Op(
      name,
      doc: doc
        + " Every picture of a batch [N,C,H,W] differs, every step too; a training resumes with the same numbers.",
      inputs: [Port("x", "tensor<f32>[N,C,H,W]", .one, "pictures")],
      outputs: [Port("y", "tensor<f32>", .one, "the shape of x")], params: params, isRandom: true,
      infer: { facts throws(Fault) in
        try check(facts)
        return [facts.type("x")]
      },
      action: .numeric(
        Numeric(select: { site throws(Fault) in
          let shape = site.result.shape
          let each = shape[1] * shape[2] * shape[3]
          let chunks = Chunking(count: shape[0], unitCost: 4 * each)
          let change = apply(site.attributes)
          return [
            Choice("pictures", operations: Double(site.result.count), chunks: chunks.chunks) { call in
              let random = Philox(seed: call.seed, step: call.step)
              withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, count)) { numbers in
                for image in chunks.range(call.chunk) {
                  random.uniform(image * count..<(image + 1) * count, numbers.baseAddress!)
                  change(
                    Picture(
                      channels: shape[1], height: shape[2], width: shape[3], x: call.input(0) + image * each,
                      y: call.output() + image * each, numbers: numbers))
                }
              }
            }
          ]
        })))
  }

  static let fill = Param(
    "fill", .numbers(.all, counts: []), default: .float(0), "what comes in from outside, by channel")

  static func value(_ fill: [Float], _ channel: Int) -> Float { fill.count == 1 ? fill[0] : fill[channel % fill.count] }

  static func fill(_ attributes: Attributes) -> [Float] { attributes.numbers("fill").map { Float($0) } }
}
