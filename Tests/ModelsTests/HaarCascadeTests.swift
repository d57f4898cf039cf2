import Language
import TestSupport
import Testing

@testable import Models

@Suite struct HaarCascadeTests {
  static let current = """
    <?xml version="1.0"?>
    <opencv_storage>
    <cascade type_id="opencv-cascade-classifier"><stageType>BOOST</stageType>
      <featureType>HAAR</featureType><height>20</height><width>24</width>
      <stages>
        <_><stageThreshold>0.5</stageThreshold>
          <weakClassifiers>
            <_><internalNodes>1 0 0 0.25 -1 -2 1 -0.125</internalNodes><leafValues>1 -2 3</leafValues></_>
          </weakClassifiers></_>
      </stages>
      <features>
        <_><rects><_>2 3 4 5 -1.</_><_>2 3 2 5 2.</_></rects></_>
        <_><rects><_>10 3 4 5 -1.</_></rects><tilted>1</tilted></_>
      </features>
    </cascade>
    </opencv_storage>
    """

  static let old = """
    <opencv_storage>
    <face type_id="opencv-haar-classifier"><size>24 20</size>
      <stages>
        <_><trees>
          <_>
            <_><feature><rects><_>2 3 4 5 -1.</_><_>2 3 2 5 2.</_></rects><tilted>0</tilted></feature>
              <threshold>0.25</threshold><left_node>1</left_node><right_val>1</right_val></_>
            <_><feature><rects><_>10 3 4 5 -1.</_></rects><tilted>1</tilted></feature>
              <threshold>-0.125</threshold><left_val>-2</left_val><right_val>3</right_val></_>
          </_></trees>
          <stage_threshold>0.5</stage_threshold><parent>-1</parent><next>-1</next></_>
      </stages>
    </face>
    </opencv_storage>
    """

  static func read(_ text: String) throws -> HaarCascade {
    try Array(text.utf8).withUnsafeBytes { bytes in try HaarCascade(bytes, path: "c.xml") }
  }

  func message(_ text: String) -> String {
    do {
      _ = try Self.read(text)
      return "no fault"
    } catch let fault as Fault { return fault.message } catch { return "\(error)" }
  }

  @Test func `both formats say the same`() throws {
    let cascade = try Self.read(Self.current)
    #expect(cascade.width == 24 && cascade.height == 20 && cascade.features.count == 2)
    #expect(cascade.features[1].isTilted && cascade.features[0].rectangles[1].weight == 2)
    let tree = cascade.stages[0].trees[0]
    #expect(tree.nodes[0] == .init(feature: 0, threshold: 0.25, left: 1, right: 0))
    #expect(tree.leaves == [1, -2, 3] && cascade.stages[0].threshold == 0.5 - 1e-5)
    #expect(try Self.read(Self.old) == cascade)
  }

  @Test(arguments: [
    ("<featureType>HAAR", "<featureType>LBP", "line 3: its features are LBP; only HAAR is known"),
    (
      "type_id=\"opencv-cascade-classifier\"", "type_id=\"x\"",
      "line 3: \"x\" is none of opencv-cascade-classifier, opencv-haar-classifier"
    ),
    ("2 3 4 5 -1.", "2 3 4 50 -1.", "feature 0 reaches out of the window of 24 × 20"),
    ("10 3 4 5 -1.", "2 3 4 5 -1.", "feature 1 reaches out of the window of 24 × 20"),
    ("2 3 4 5 -1.", "2 3 4 5", "line 12: a rectangle holds x, y, width, height and weight"),
    ("2 3 4 5 -1.", "2 3 4.5 5 -1", "line 12: <_> holds 4.5 where a whole number is needed"),
    ("-1 -2 1 -0.125", "-1 -2 7 -0.125", "stage 0 asks for feature 7 of 2"),
    ("1 0 0 0.25", "0 2 0 0.25", "stage 0 has a branch to 2, which leads nowhere"),
    ("-1 -2 1 -0.125", "1 -2 1 -0.125", "stage 0 has a branch to 1, which leads nowhere"),
    ("<leafValues>1 -2 3", "<leafValues>1 -2", "stage 0 has a branch to -2, which leads nowhere"),
    ("<leafValues>1 -2 3", "<leafValues>1 x 3", "line 8: <leafValues> holds something that is no number"),
    ("-1 -2 1 -0.125", "-1 -2 1", "line 8: <internalNodes> holds fours of left, right, feature and threshold"),
    ("<width>24</width>", "", "line 3: <cascade> lacks <width>"),
    ("<width>24</width>", "<width>2</width>", "the window is 2 × 20; sides of 3 to 1000 pixels are known"),
  ])
  func `what is wrong is named`(what: String, with: String, expected: String) {
    #expect(
      message(Self.current.replacing(what, with: with)) == "c.xml is not a valid cascade file: \(expected)")
  }

  @Test func `what is no cascade is refused`() {
    #expect(
      message("<a/>")
        == "c.xml is not a valid cascade file: line 1: it is no cascade of OpenCV: <opencv_storage> with a type_id is "
        + "missing")
    #expect(
      message(Self.old.replacing("<left_node>1<", with: "<left_node>0<"))
        == "c.xml is not a valid cascade file: line 7: a branch leads back to node 0")
  }
}
