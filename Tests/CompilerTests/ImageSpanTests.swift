import Language
import Synchronization
import Tensors
import Testing
import Workers

@testable import Compiler

@Suite struct ImageSpanTests {
  /// x * w + 1 for each element of each image, by halves of an image.
  private static func op(_ name: String, splits: Bool) -> Op {
    Op(
      name, doc: "x * w + 1", inputs: [Port("x", "tensor<f32>"), Port("w", "tensor<f32>")],
      outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("x")] },
      action: .numeric(
        Numeric { site throws(Fault) in
          let (images, half) = (site.result.shape[0], site.result.count / site.result.shape[0] / 2)
          return [
            Choice(
              "halves", scratch: 64, chunks: 2 * images, images: splits ? Images(count: images, operands: [0]) : nil
            ) { call in
              // What lies in scratch is this chunk's alone.
              call.workspace[0] = call.input(1)[0]
              for index in call.chunk * half..<(call.chunk + 1) * half {
                call.output()[index] = call.input(0)[index] * call.workspace[0] + 1
              }
            }
          ]
        }))
  }

  /// Five steps that can be split, in a row; with `between`, one before and one after them that cannot.
  private static func compile(
    _ images: Int, splits: Bool, width: Int, keepsMiddle: Bool = false, between: Bool = false
  ) throws -> Program {
    let registry = Registry([op("test.halves", splits: splits), op("test.whole", splits: false)])
    var emitter = Emitter(registry: registry)
    let (x, w) = (emitter.input(.f32([Dim(images), 64])), emitter.input(.f32([1])))
    var values = [between ? try emitter.emit("test.whole", x, w) : x]
    for _ in 0..<5 { values.append(try emitter.emit("test.halves", values[values.count - 1], w)) }
    let last = between ? try emitter.emit("test.whole", values[5], w) : values[5]
    emitter.setOutputs(keepsMiddle ? [values[3], last] : [last])
    let compiler = Compiler(registry: registry, team: Team(width: width))
    return try #require(try compiler.compile(emitter.region, Demand()) as? Program)
  }

  private static func inputs(_ images: Int) -> [Tensor] {
    [
      Tensor(shape: [images, 64], (0..<images * 64).map { Float($0 % 97) / 7 }), Tensor(shape: [1], [Float(0.75)]),
    ]
  }

  @Test(arguments: [1, 2, 4, 5, 8, 9, 16], [1, 2, 4]) func bitsAreThoseOfTheWholeBatch(images: Int, width: Int) throws {
    for (keepsMiddle, between) in [(false, false), (true, false), (false, true), (true, true)] {
      let expected = try Self.compile(images, splits: false, width: 1, keepsMiddle: keepsMiddle, between: between)
        .run(Self.inputs(images))
      let program = try Self.compile(images, splits: true, width: width, keepsMiddle: keepsMiddle, between: between)
      for _ in 0..<3 { #expect(program.run(Self.inputs(images)) == expected) }
    }
  }

  @Test func memoryIsForOneImageOfEachThread() throws {
    // Two of the values in between are alive at a time, with 64 bytes of room behind each; scratch is 128 bytes.
    let whole = try Self.compile(16, splits: false, width: 2).workspaceBytes
    #expect(whole == 2 * (16 * 256 + 64) + 2 * 128)
    #expect(try Self.compile(16, splits: true, width: 2).workspaceBytes == 2 * 2 * (256 + 64) + 2 * 128)
    // Too few images for as many threads.
    #expect(try Self.compile(5, splits: true, width: 2).workspaceBytes == 2 * (5 * 256 + 64) + 2 * 128)
  }

  @Test func anObserverSeesEachImage() throws {
    let watcher = Watcher()
    let program = try Self.compile(4, splits: true, width: 2)
    let result = program.run(Self.inputs(4), RunContext(observer: watcher))[0]
    let seen = watcher.seen.withLock { $0 }
    #expect(seen.count == 4 * 5 && seen.allSatisfy { $0.shape == [1, 64] })
    // The last step of each image shows what the result holds.
    let values = result.elements(Float.self)
    for image in 0..<4 { #expect(seen[image * 5 + 4].first == values[image * 64]) }
  }

  private final class Watcher: RunObserver {
    let seen = Mutex<[(shape: [Int], first: Float)]>([])
    func finished(_ event: NodeEvent) {
      let (type, bytes) = event.results[0]
      seen.withLock { $0.append((type.shape, bytes.load(as: Float.self))) }
    }
  }
}
