import Images
import Kernels
import Language
import Models
import Tensors

/// Finds faces with a cascade of Haar-like features.
public enum CascadeDetect {
  public static let op = Op(
    "face.cascade",
    doc: """
      The faces that a Viola-Jones cascade finds: any of OpenCV's Haar cascades in XML, of either format. The photo in \
      grey is made smaller step by step (bilinear), every place of it is judged, and windows on one another become one \
      face where there are more than neighbours of them (0: every window is a face). A face's score is n / (n + 1) of its \
      n windows. It has no points.
      """,
    inputs: [Port("image", "image"), Port("cascade", "file", .one, "The XML file.")],
    outputs: [Port("faces", "list<face>")],
    params: [
      Param("scale_factor", .number(1.01...10), default: .float(1.1), "from one size of the window to the next"),
      Param("neighbours", .int(0...1000), default: .int(3), "how many windows a face needs besides"),
      Param("min_size", .int(.natural), default: .int(0), "smallest width and height of a window"),
      Param("max_size", .int(.natural), default: .int(0), "largest; 0: any"),
      Param("score", .number(.unit), default: .float(0), "the least score"),
    ],
    infer: { _ throws(Fault) in [.list(.named("face"))] },
    action: .host(
      Host { call throws(Fault) in
        let path = try call.path("cascade")
        let bytes = try FileContent.bytes(path, limit: 1 << 28)
        var fault: Fault?
        let cascade = bytes.withUnsafeBytes { bytes -> HaarCascade? in
          do throws(Fault) { return try HaarCascade(bytes, path: path) } catch {
            fault = error
            return nil
          }
        }
        guard let cascade else { throw fault! }
        let attributes = call.attributes
        let windows = windows(
          cascade, try call.image("image"), factor: attributes.number("scale_factor"),
          smallest: attributes.int("min_size"), largest: attributes.int("max_size"))
        let faces = CascadeGrouping.grouped(windows, neighbours: attributes.int("neighbours")).map { box, count in
          Face(box: box, score: Double(count) / Double(count + 1))
        }
        return [
          .list(
            faces.filter { $0.score >= attributes.number("score") }.enumerated()
              .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(\.element.value))
        ]
      }))

  /// Every window that passes, by size, row and column. The steps are those of OpenCV's CascadeClassifier: sizes and
  /// places rounded to even, every second place of the larger pictures.
  static func windows(
    _ cascade: HaarCascade, _ image: Image, factor: Double, smallest: Int = 0, largest: Int = 0
  ) -> [Box] {
    let grey = image.converted(to: .grey8)
    let scan = CascadeScan(cascade)
    var windows: [Box] = []
    var scale = 1.0
    func whole(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
    while true {
      let (width, height) = (whole(Double(cascade.width) * scale), whole(Double(cascade.height) * scale))
      let limit = largest > 0 ? largest : .max
      guard width <= min(grey.width, limit), height <= min(grey.height, limit) else { return windows }
      let size = Extent(whole(Double(grey.height) / scale), whole(Double(grey.width) / scale))
      if width >= smallest, height >= smallest, size.width >= cascade.width, size.height >= cascade.height {
        let resize = OpenCVResize(input: Extent(grey.height, grey.width), output: size, channels: 1)
        var scaled = [UInt8](repeating: 0, count: size.height * size.width)
        grey.pixels.withElements(UInt8.self) { source in
          resize.run(rows: 0..<size.height, x: source.baseAddress!, y: &scaled)
        }
        for (x, y) in scan.windows(scaled, height: size.height, width: size.width, step: scale > 2 ? 1 : 2) {
          let (left, top) = (Double(whole(Double(x) * scale)), Double(whole(Double(y) * scale)))
          windows.append(Box(x1: left, y1: top, x2: left + Double(width), y2: top + Double(height)))
        }
      }
      scale *= factor
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(CascadeDetect.op, $0) }
