import Foundation
import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Models
@testable import Nodes

@Suite struct CascadeDetectTests {
  /// A bright upper half over a dark lower half, in a window of 6 × 6; whole sums, no mean taken off.
  static let halves = HaarCascade(
    width: 6, height: 6,
    features: [
      .init(
        rectangles: [
          .init(x: 0, y: 0, width: 6, height: 3, weight: 1), .init(x: 0, y: 3, width: 6, height: 3, weight: -1),
        ], isTilted: false)
    ],
    stages: [
      .init(
        threshold: 0.5,
        trees: [.init(nodes: [.init(feature: 0, threshold: 1.5, left: 0, right: -1)], leaves: [0, 1])])
    ])

  /// Bright above row 10 of 20 × 20.
  static let photo = Image(
    format: .grey8, pixels: Tensor(shape: [20, 20, 1], (0..<400).map { UInt8($0 < 200 ? 200 : 20) }))

  @Test func `windows stand where the edge is`() {
    let windows = CascadeDetect.windows(Self.halves, Self.photo, factor: 100)
    #expect(!windows.isEmpty)
    // The value over the spread is greatest with the edge in the middle: row 7; only every second row is judged.
    #expect(Set(windows.map { $0.y1 }).isSubset(of: [6, 8]) && windows.allSatisfy { $0.width == 6 && $0.height == 6 })
    #expect(CascadeDetect.windows(Self.halves, Self.photo, factor: 1.5, smallest: 9).allSatisfy { $0.width >= 9 })
    #expect(CascadeDetect.windows(Self.halves, Self.photo, factor: 1.5, largest: 5).isEmpty)
    #expect(CascadeDetect.windows(Self.halves, plain(.grey8, height: 30, width: 30, [9]), factor: 1.5).isEmpty)
  }

  @Test func `windows on one another become one`() {
    let near = (0..<4).map { Box(x1: Double($0), y1: 0, x2: 20 + Double($0), y2: 20) }
    let far = Box(x1: 100, y1: 100, x2: 120, y2: 120)
    let grouped = CascadeGrouping.grouped(near + [far], neighbours: 3)
    #expect(grouped.count == 1 && grouped[0].count == 4 && grouped[0].box == Box(x1: 2, y1: 0, x2: 22, y2: 20))
    #expect(CascadeGrouping.grouped(near + [far], neighbours: 0).count == 5)
    #expect(CascadeGrouping.grouped(near + [far], neighbours: 4).isEmpty)
  }

  @Test func `of two groups in one another the better founded stays`() {
    let outer = [Box](repeating: Box(x1: 0, y1: 0, x2: 100, y2: 100), count: 6)
    let inner = [Box](repeating: Box(x1: 30, y1: 30, x2: 60, y2: 60), count: 3)
    #expect(CascadeGrouping.grouped(outer + inner, neighbours: 2).map(\.count) == [6])
  }

  @Test func `a cascade file is read and obeyed`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("c.xml", Self.text(Self.halves, old: true))
    let faces = try run(
      CascadeDetect.op, ["image": .image(Self.photo), "cascade": .file(path)],
      ["neighbours": 0, "scale_factor": 10])[0].faces()
    #expect(faces.map { $0.box } == CascadeDetect.windows(Self.halves, Self.photo, factor: 10))
    #expect(faces.allSatisfy { $0.score == 0.5 && $0.points.isEmpty })
  }

  /// The other form of a real cascade finds the same windows, and both those of Tools/reference/cascade-windows.py.
  @Test(.enabled(if: Assets.present, Comment(rawValue: Assets.absent)), arguments: [("default", 82), ("alt2", 36)])
  func `real cascades find what an independent evaluator finds`(name: String, count: Int) throws {
    let path = Assets.path("face/haarcascade/haarcascade_frontalface_\(name).xml")
    let bytes = try FileContent.bytes(path)
    let cascade = try bytes.withUnsafeBytes { try HaarCascade($0, path: path) }
    let photo = try ImageFile.read(Assets.path("face/openface_examples/lennon-1.jpg"), DecodeOptions())
    let windows = CascadeDetect.windows(cascade, photo, factor: 1.1)
    #expect(windows.count == count)
    let expected = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/lennon-1-\(name).txt"), encoding: .utf8)
    let lines = windows.map { [$0.x1, $0.y1, $0.width, $0.height].map { Int($0) } }
      .sorted { $0.lexicographicallyPrecedes($1) }.map { $0.map(String.init).joined(separator: " ") }
    #expect(lines == expected.split(separator: "\n").map(String.init))
    let again = Array(Self.text(cascade, old: true).utf8).withUnsafeBytes { bytes -> HaarCascade? in
      try? HaarCascade(bytes, path: "old.xml")
    }
    #expect(again.map { CascadeDetect.windows($0, photo, factor: 1.1) } == windows)
  }

  /// Bytes changed, cut, doubled: a clear error or a scan that ends, whatever is in the file. 10,000 with WEFT_LONG.
  @Test func `mutated cascades never crash`() {
    var random = TestRandom(seed: 404)
    let texts = [Self.text(Self.halves, old: true), Self.text(Self.halves, old: false)].map { Array($0.utf8) }
    let isLong = ProcessInfo.processInfo.environment["WEFT_LONG"] != nil
    var (read, refused) = (0, 0)
    for _ in 0..<(isLong ? 10_000 : 1000) {
      var bytes = texts[Int(random.next() & 1)]
      for _ in 0...Int(random.next() % 4) where !bytes.isEmpty {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes[place] = UInt8(random.next() & 255)
        case 1: bytes[place] = UInt8(ascii: "0") + UInt8(random.next() % 10)
        case 2: bytes.remove(at: place)
        default: bytes.insert(bytes[place], at: place)
        }
      }
      do throws(Fault) {
        var fault: Fault?
        let cascade = bytes.withUnsafeBytes { bytes -> HaarCascade? in
          do throws(Fault) { return try HaarCascade(bytes, path: "m.xml") } catch {
            fault = error
            return nil
          }
        }
        if let fault { throw fault }
        read += 1
        _ = CascadeGrouping.grouped(CascadeDetect.windows(cascade!, Self.photo, factor: 1.5), neighbours: 1)
      } catch {
        refused += 1
        #expect(error.message.hasPrefix("m.xml is not a valid"))
      }
    }
    #expect(read > 0 && refused > 0)
  }

  /// A cascade as OpenCV writes it, in either form.
  static func text(_ cascade: HaarCascade, old: Bool) -> String {
    func feature(_ feature: HaarCascade.Feature) -> String {
      let rects = feature.rectangles.map { "<_>\($0.x) \($0.y) \($0.width) \($0.height) \($0.weight)</_>" }
      return "<rects>\(rects.joined())</rects><tilted>\(feature.isTilted ? 1 : 0)</tilted>"
    }
    // Reading takes the slack off again.
    func threshold(_ stage: HaarCascade.Stage) -> String { (Double(stage.threshold) + 1e-5).description }
    var text = "<?xml version=\"1.0\"?><opencv_storage>"
    if old {
      text += "<c type_id=\"opencv-haar-classifier\"><size>\(cascade.width) \(cascade.height)</size><stages>"
      for stage in cascade.stages {
        text += "<_><trees>"
        for tree in stage.trees {
          text += "<_>"
          for node in tree.nodes {
            func branch(_ side: String, _ at: Int) -> String {
              at > 0 ? "<\(side)_node>\(at)</\(side)_node>" : "<\(side)_val>\(tree.leaves[-at])</\(side)_val>"
            }
            text +=
              "<_><feature>\(feature(cascade.features[node.feature]))</feature><threshold>\(node.threshold)</threshold>"
            text += branch("left", node.left) + branch("right", node.right) + "</_>"
          }
          text += "</_>"
        }
        text += "</trees><stage_threshold>\(threshold(stage))</stage_threshold></_>"
      }
      return text + "</stages></c></opencv_storage>"
    }
    text += "<cascade type_id=\"opencv-cascade-classifier\"><featureType>HAAR</featureType>"
    text += "<height>\(cascade.height)</height><width>\(cascade.width)</width><stages>"
    for stage in cascade.stages {
      text += "<_><stageThreshold>\(threshold(stage))</stageThreshold><weakClassifiers>"
      for tree in stage.trees {
        let nodes = tree.nodes.map { "\($0.left) \($0.right) \($0.feature) \($0.threshold)" }
        text += "<_><internalNodes>\(nodes.joined(separator: " "))</internalNodes>"
        text += "<leafValues>\(tree.leaves.map { "\($0)" }.joined(separator: " "))</leafValues></_>"
      }
      text += "</weakClassifiers></_>"
    }
    return text + "</stages><features>" + cascade.features.map { "<_>\(feature($0))</_>" }.joined()
      + "</features></cascade></opencv_storage>"
  }
}
