import Language
import Synchronization
import Tensors
import TestSupport
import Testing
import Workers

@testable import Compiler

/// Ops whose kernels say what they were asked to do, so that the compiler's decisions can be seen in results.
enum LayoutOps {
  static let all: [Op] = [dear, flat, fancy, double, lift]
  static let registry = Registry(all)
  static let prepared = Mutex(0)

  /// x + 1, row-major or, at a tenth of the cost, blocked.
  static let dear = op("test.dear") { site in
    [Layout.rowMajor, Layout.blocked].map { (layout: Layout) -> Choice in
      let count = site.elements(layout)
      return Choice(
        "\(layout)", operandLayouts: [layout], resultLayouts: [layout], seconds: layout == .rowMajor ? 1 : 0.1
      ) { call in for index in 0..<count { call.output()[index] = call.input(0)[index] + 1 } }
    }
  }

  /// -x in any layout at one cost.
  static let flat = op("test.flat") { site in
    site.flatLayouts(keepsZero: true).map { layout in
      let count = site.elements(layout)
      return Choice("\(layout)", operandLayouts: [layout], resultLayouts: [layout], seconds: 1e-6) { call in
        for index in 0..<count { call.output()[index] = -call.input(0)[index] }
      }
    }
  }

  /// 2 x; a follower of `fancy`.
  static let double = Op(
    "test.double", doc: "2 x", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(
        pointwise: { _ in [Pointwise(.rectify)] },
        select: { site throws(Fault) in
          let count = site.result.count
          return [
            Choice("double") { call in for index in 0..<count { call.output()[index] = 2 * call.input(0)[index] } }
          ]
        })))

  /// x + w with w prepared; does up to two followers as well, each doubling.
  static let fancy = Op(
    "test.fancy", doc: "x + w", inputs: [Port("x", "tensor<f32>"), Port("w", "tensor<f32>", .parameter(.constant(0)))],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.result.count
        let preparation = Preparation("test \(count)", byteCount: 4 * count) { _, source, target in
          prepared.withLock { $0 += 1 }
          target.copyMemory(from: source, byteCount: 4 * count)
        }
        let plain = Choice("plain", seconds: 1) { call in
          for index in 0..<count { call.output()[index] = call.input(0)[index] + call.input(1)[index] }
        }
        let absorbed = min(2, site.followers.count)
        let factor: Float = absorbed == 2 ? 4 : absorbed == 1 ? 2 : 1
        return [
          plain,
          Choice(
            "fancy \(absorbed)", operandLayouts: [.rowMajor, .prepared(preparation)], resultLayouts: [.rowMajor],
            absorbs: absorbed, seconds: 0.1
          ) { call in
            for index in 0..<count { call.output()[index] = factor * (call.input(0)[index] + call.input(1)[index]) }
          },
        ]
      })))

  /// x plus the first element of v, which it wants in a form made of v in blocks.
  static let lift = Op(
    "test.lift", doc: "x + v[0]", inputs: [Port("x", "tensor<f32>"), Port("v", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.result.count
        let first = Preparation("test first", byteCount: 4, source: .blocked) { _, source, target in
          target.copyMemory(from: source, byteCount: 4)
        }
        return [[Layout.rowMajor, .rowMajor], [.rowMajor, .prepared(first)]].enumerated().map { index, layouts in
          Choice("\(index)", operandLayouts: layouts, resultLayouts: [.rowMajor], seconds: index == 0 ? 1 : 0) { call in
            for index in 0..<count { call.output()[index] = call.input(0)[index] + call.input(1)[0] }
          }
        }
      })))

  private static func op(_ name: String, _ choices: @escaping @Sendable (Site) -> [Choice]) -> Op {
    Op(
      name, doc: name, inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
      infer: { facts throws(Fault) in [facts.type("x")] },
      action: .numeric(Numeric(select: { site throws(Fault) in choices(site) })))
  }
}

@Suite(.serialized) struct BlueprintTests {
  private final class Watcher: RunObserver {
    let seen = Mutex<[String]>([])
    func finished(_ event: NodeEvent) { seen.withLock { $0.append("\(event.op) \(event.choice)") } }
  }

  private let compiler = Compiler(registry: LayoutOps.registry, team: Team(width: 2))

  private func steps(_ executable: any Executable, _ inputs: [Tensor]) -> ([String], [Tensor]) {
    let watcher = Watcher()
    let results = executable.run(inputs, RunContext(observer: watcher))
    return (watcher.seen.withLock { $0 }, results)
  }

  private func region(_ build: (inout Emitter, ValueID) throws -> [ValueID]) throws -> Region {
    var emitter = Emitter(registry: LayoutOps.registry)
    let x = emitter.input(.f32([1, 20, 6, 7]))
    emitter.setOutputs(try build(&emitter, x))
    return emitter.region
  }

  private var picture: Tensor { Tensor(shape: [1, 20, 6, 7], (0..<840).map(Float.init)) }

  @Test func layoutsAreConvertedOnlyAtTheBorders() throws {
    let region = try region { e, x in
      let a = try e.emit("test.flat", try e.emit("test.dear", x))
      return [try e.emit("test.dear", a)]
    }
    let (steps, results) = steps(try compiler.compile(region, Demand()), [picture])
    #expect(
      steps == [
        "compiler.convert to-blocks", "test.dear channelBlocked(16)", "test.flat channelBlocked(16)",
        "test.dear channelBlocked(16)", "compiler.convert from-blocks",
      ])
    let expected: [Float] = (0..<840).map { (index: Int) -> Float in -Float(index) }
    #expect(results[0].elements(Float.self) == expected)
  }

  @Test func aSmallFormIsMadeAsSoonAsItsValueIs() throws {
    let region = try region { e, x in
      let a = try e.emit("test.dear", x)
      return [try e.emit("test.lift", try e.emit("test.dear", a), a)]
    }
    let (steps, results) = steps(try compiler.compile(region, Demand()), [picture])
    #expect(
      steps == [
        "compiler.convert to-blocks", "test.dear channelBlocked(16)", "compiler.convert prepare",
        "test.dear channelBlocked(16)", "compiler.convert from-blocks", "test.lift 1",
      ])
    #expect(results[0].elements(Float.self) == (0..<840).map { Float($0 + 3) })
  }

  @Test func aValueWantedRowMajorIsConvertedOnce() throws {
    let region = try region { e, x in
      let a = try e.emit("test.dear", x)
      return [a, try e.emit("test.double", a), a]
    }
    let (steps, results) = steps(try compiler.compile(region, Demand()), [picture])
    #expect(steps.filter { $0 == "compiler.convert from-blocks" }.count == 1)
    #expect(results[0] == results[2] && results[1].elements(Float.self)[1] == 4)
  }

  @Test func followersAreAbsorbedUpToWhatIsWantedOutside() throws {
    var emitter = Emitter(registry: LayoutOps.registry)
    let x = emitter.input(.f32([4]))
    let w = emitter.constant(Tensor(shape: [4], [Float(1), 2, 3, 4]))
    let first = try emitter.emit("test.double", try emitter.emit("test.fancy", x, w))
    let second = try emitter.emit("test.double", first)
    let third = try emitter.emit("test.double", second)
    emitter.setOutputs([third])
    let input = Tensor(shape: [4], [Float](repeating: 1, count: 4))
    var (seen, results) = steps(try compiler.compile(emitter.region, Demand()), [input])
    #expect(seen == ["compiler.convert prepare", "test.fancy fancy 2", "test.double double"])
    #expect(results[0].elements(Float.self) == [16, 24, 32, 40])
    emitter.setOutputs([third, first])
    (seen, results) = steps(try compiler.compile(emitter.region, Demand()), [input])
    #expect(seen.dropFirst() == ["test.fancy fancy 1", "test.double double", "test.double double"])
    #expect(results[1].elements(Float.self) == [4, 6, 8, 10])
  }

  @Test func parametersArePreparedOnceForAllRunsAndProgramsThatHaveThem() throws {
    func region(_ extra: Int) throws -> Region {
      var emitter = Emitter(registry: LayoutOps.registry)
      var x = emitter.input(.f32([5]))
      let w = emitter.input(.f32([5]))
      for _ in 0...extra { x = try emitter.emit("test.fancy", x, w) }
      emitter.setOutputs([x])
      return emitter.region
    }
    LayoutOps.prepared.withLock { $0 = 0 }
    let (x, w) = (
      Tensor(shape: [5], [Float](repeating: 1, count: 5)), Tensor(shape: [5], [Float](repeating: 2, count: 5))
    )
    let one = try compiler.compile(try region(0), Demand())
    let two = try compiler.compile(try region(1), Demand())
    #expect(one.run([x, w])[0].elements(Float.self)[0] == 3)
    #expect(one.run([w, w])[0].elements(Float.self)[0] == 4)
    #expect(two.run([x, w])[0].elements(Float.self)[0] == 5)
    #expect(LayoutOps.prepared.withLock { $0 } == 1)
    // Other numbers are prepared anew.
    #expect(one.run([x, x])[0].elements(Float.self)[0] == 2)
    #expect(LayoutOps.prepared.withLock { $0 } == 2)
  }

  @Test func inputsHeldForGoodAreNotReadAgain() throws {
    let region = try region { e, x in
      let y = e.input(.f32([1, 20, 6, 7]))
      return [try e.emit("test.fancy", try e.emit("test.double", x), y)]
    }
    let program = try compiler.compile(region, Demand()).holding([0: picture])
    let (steps, results) = steps(program, [picture, picture])
    #expect(!steps.contains { $0.hasPrefix("test.double") })
    let expected: [Float] = (0..<840).map { (index: Int) -> Float in Float(3 * index) }
    #expect(results[0].elements(Float.self) == expected)
  }
}
