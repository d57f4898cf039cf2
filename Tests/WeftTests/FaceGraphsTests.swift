import Foundation
import TestSupport
import Testing

/// The face graphs on real photos and models, against numbers from OpenCV and ONNX Runtime (the assets' MANIFEST says how
/// they were made).
@Suite(.enabled(if: Assets.present, Comment(rawValue: Assets.absent))) struct FaceGraphsTests {
  static let isLong = ProcessInfo.processInfo.environment["WEFT_LONG"] != nil
  static let scrfd = "detector=\(Assets.path("face/scrfd/scrfd_500m_bnkps.onnx"))"
  static let encoder = "encoder=\(Assets.path("face/mobilefacenet/mobilefacenet.onnx"))"

  /// A CSV file as records.
  static func csv(_ name: String) throws -> [[String: String]] {
    let text = try String(contentsOfFile: Assets.path(name), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    return lines.dropFirst().map { line in
      Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), line.map(String.init)))
    }
  }

  /// The outputs per item.
  static func run(_ arguments: [String]) throws -> [[String: Any]] {
    let program = try WeftProgram()
    defer { program.remove() }
    let outcome = try program.run(["run"] + arguments + ["--json", "--out", "out"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return outcome.items.compactMap { $0["outputs"] as? [String: Any] }
  }

  static func faces(_ outputs: [String: Any]) -> [[String: Any]] { outputs["faces"] as? [[String: Any]] ?? [] }
  static func numbers(_ value: Any?) -> [Double] { value as? [Double] ?? [] }

  @Test(arguments: [
    ("scrfd_500m_bnkps", "scrfd/scrfd_500m_bnkps.onnx"), ("scrfd_2.5g_bnkps", "scrfd/scrfd_2.5g_bnkps.onnx"),
    ("yunet_n_640", "yunet/yunet_n_640_640.onnx"), ("yunet_n_dyn640", "yunet/yunet_n_dynamic.onnx"),
  ])
  func `every face stands where the reference has it`(name: String, file: String) throws {
    let rows = try Self.csv("face/detections.csv").filter { $0["detector"] == name }
    let photos = Dictionary(grouping: rows) { $0["image"]! }
    #expect(photos.count >= 6)
    for (photo, expected) in photos {
      let found = try Self.run([
        "face/detect.json", "photo=\(Assets.path("face/\(photo)"))", "detector=\(Assets.path("face/\(file)"))",
      ])
      let faces = Self.faces(found[0])
      #expect(faces.count == expected.count, "\(photo)")
      for row in expected {
        let box = ["x1", "y1", "x2", "y2"].map { Double(row[$0]!)! }
        let points = (0..<5).flatMap { ["k\($0)x", "k\($0)y"] }.map { Double(row[$0]!)! }
        let match = faces.contains { face in
          let places = Self.numbers(face["box"]) + ((face["points"] as? [[Double]])?.flatMap { $0 } ?? [])
          return abs((face["score"] as? Double ?? 0) - Double(row["score"]!)!) < 1e-3
            && places.count == 14 && zip(places, box + points).allSatisfy { abs($0 - $1) < 0.5 }
        }
        #expect(match, "\(photo): \(row["score"]!) at \(box)")
      }
    }
  }

  @Test func `pairs of LFW are as alike as the reference says`() throws {
    let rows = try Self.csv("face/lfw/mobilefacenet_cosine.csv")
    // Every tenth pair, and the one in which no face is found.
    let chosen = rows.enumerated().filter { index, row in
      Self.isLong || index % 15 == 0 || row["file_a"]!.hasPrefix("Bernard_Law_0003")
        || row["file_b"]!.hasPrefix("Bernard_Law_0003")
    }.map(\.element)
    let program = try WeftProgram()
    defer { program.remove() }
    for side in ["a", "b"] {
      let list = chosen.map { Assets.path("face/lfw/images/\($0["file_\(side)"]!)") }.joined(separator: "\n")
      try program.write(list, "\(side).txt")
    }
    let outcome = try program.run([
      "run", "face/compare.json", "a=@a.txt", "b=@b.txt", Self.scrfd, Self.encoder, "pad=100", "score=0.4",
      "face=center", "--json", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    // Items come as they are done: each pair's number is in its own file.
    func stem(_ name: String?) -> String { String(name!.dropLast(4)) }
    let cosines = chosen.map { row in
      let file = program.folder.appendingPathComponent("out/\(stem(row["file_a"]))-\(stem(row["file_b"]))/cosine.json")
      return (try? String(contentsOf: file, encoding: .utf8)).flatMap {
        Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
      } ?? .nan
    }
    for (row, cosine) in zip(chosen, cosines) {
      #expect(abs(cosine - Double(row["cosine_rgb"]!)!) < 2e-3, "\(row)")
    }
    // The best threshold over these pairs.
    let labelled = zip(chosen, cosines).map { (isSame: $0["same"] == "1", cosine: $1) }
    let best = cosines.map { threshold in labelled.count { $0.isSame == ($0.cosine >= threshold) } }.max() ?? 0
    #expect(Double(best) / Double(max(1, labelled.count)) >= 0.99)
  }

  @Test func `given the points, cosines agree to four digits`() throws {
    let points = Dictionary(
      uniqueKeysWithValues: try Self.csv("face/lfw/scrfd500m_kps.csv").map { row in
        (row["file"]!, (0..<5).map { "[\(row["k\($0)x"]!),\(row["k\($0)y"]!)]" }.joined(separator: ","))
      })
    let rows = try Self.csv("face/lfw/mobilefacenet_cosine.csv")
      .filter { points[$0["file_a"]!] != nil && points[$0["file_b"]!] != nil }
    for row in rows.enumerated().filter({ $0.offset % (Self.isLong ? 1 : 40) == 0 }).map(\.element) {
      var embeddings: [[Double]] = []
      for side in ["file_a", "file_b"] {
        let face = #"face={"box":[0,0,1,1],"score":1,"points":[\#(points[row[side]!]!)]}"#
        let outputs = try Self.run([
          "face/parts/embed.json", "image=\(Assets.path("face/lfw/images/\(row[side]!)"))", face, Self.encoder,
        ])
        embeddings.append(Self.numbers(outputs[0]["embedding"]))
      }
      let cosine = zip(embeddings[0], embeddings[1]).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(embeddings[0].count == 128 && abs(cosine - Double(row["cosine_rgb"]!)!) < 1e-4, "\(row)")
    }
  }

  @Test func `distances of the Happy House`() throws {
    let rows = try Self.csv("face/happy_house/mobilefacenet_distances.csv")
    let photos = Set(rows.flatMap { [$0["camera"]!, $0["person"]!] }).sorted()
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      photos.map { Assets.path("face/happy_house/images/\($0)") }.joined(separator: "\n"), "photos.txt")
    let outcome = try program.run([
      "run", "face/encode.json", "photo=@photos.txt", Self.scrfd, Self.encoder, "pad=48", "score=0.3", "face=center",
      "--json", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let byName = Dictionary(
      uniqueKeysWithValues: outcome.items.map { item in
        (
          URL(fileURLWithPath: item["item"] as? String ?? "").lastPathComponent,
          Self.numbers(Self.faces(item["outputs"] as? [String: Any] ?? [:]).first?["embedding"])
        )
      })
    for row in rows {
      let (a, b) = (byName[row["camera"]!] ?? [], byName[row["person"]!] ?? [])
      let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      #expect(a.count == 128 && abs(distance - Double(row["l2_scrfd_aligned"]!)!) < 5e-3, "\(row)")
    }
  }

  @Test func `pose, gender and age`() throws {
    let rows = try Self.csv("face/pose_genderage.csv")
    for (photo, expected) in Dictionary(grouping: rows, by: { $0["image"]! }) {
      let outputs = try Self.run([
        "face/analyze.json", "photo=\(Assets.path("face/\(photo)"))",
        "detector=\(Assets.path("face/scrfd/scrfd_2.5g_bnkps.onnx"))", Self.encoder,
        "pose=\(Assets.path("face/headpose_fsanet/fsanet-1x1-iter-688590.onnx"))",
        "attributes=\(Assets.path("face/genderage/genderage_v1.onnx"))",
      ])
      let faces = Self.faces(outputs[0]).sorted { Self.numbers($0["box"])[0] < Self.numbers($1["box"])[0] }
      #expect(faces.count == expected.count, "\(photo)")
      for (face, row) in zip(faces, expected) {
        for angle in ["yaw", "pitch", "roll"] {
          #expect(abs((face[angle] as? Double ?? .nan) - Double(row[angle]!)!) < 0.5, "\(photo) \(angle) \(row)")
        }
        #expect(
          face["gender"] as? String == row["gender"] && face["age"] as? Int == Int(row["age"]!), "\(photo) \(row)")
        #expect((face["quality"] as? Double ?? 0) > 0.2)
      }
    }
  }

  /// Mean distance of the 68 points over that of the outer corners of the eyes, 43 annotated faces: 0.083 by the
  /// reference pipeline.
  @Test func `68 points lie where people put them`() throws {
    var errors: [Double] = []
    let folder = Assets.path("face/dlib_faces_68pt")
    for name in ["training", "testing"] {
      let text = try String(contentsOfFile: "\(folder)/\(name)_with_face_landmarks.xml", encoding: .utf8)
      for image in text.components(separatedBy: "<image file='").dropFirst() {
        let file = String(image.prefix { $0 != "'" })
        var annotated: [[[Double]]] = []
        for box in image.components(separatedBy: "<box ").dropFirst() {
          let parts = box.matches(of: /<part name='(\d+)' x='(-?\d+)' y='(-?\d+)'/)
          var points: [(index: Int, place: [Double])] = []
          for part in parts { points.append((Int(part.1)!, [Double(part.2)!, Double(part.3)!])) }
          points.sort { $0.index < $1.index }
          if points.count == 68 { annotated.append(points.map(\.place)) }
        }
        if annotated.isEmpty { continue }
        let outputs = try Self.run([
          "face/landmarks.json", "photo=\(folder)/\(file)", "score=0.4",
          "detector=\(Assets.path("face/scrfd/scrfd_2.5g_bnkps.onnx"))",
          "landmarker=\(Assets.path("face/pfld/pfld.onnx"))",
        ])
        let found = Self.faces(outputs[0]).compactMap { $0["landmarks"] as? [[Double]] }
        for truth in annotated {
          let eyes = hypot(truth[45][0] - truth[36][0], truth[45][1] - truth[36][1])
          let nearest =
            found.map { points in
              zip(points, truth).reduce(0) { $0 + hypot($1.0[0] - $1.1[0], $1.0[1] - $1.1[1]) } / 68 / eyes
            }.min() ?? 9
          if nearest < 0.5 { errors.append(nearest) }
        }
      }
    }
    #expect(errors.count == 43)
    #expect(errors.reduce(0, +) / Double(max(1, errors.count)) <= 0.083)
  }

  /// A face that fills the frame is found at a smaller size, without being asked.
  @Test func `faces that fill the frame`() throws {
    let photo = "photo=\(Assets.path("face/lfw/images/Bernard_Law_0003.jpg"))"
    let program = try WeftProgram()
    defer { program.remove() }
    let asked = ["run", "face/detect.json", photo, Self.scrfd, "--json", "--out", "out"]
    let found = try program.run(asked)
    #expect(Self.faces(found.items[0]["outputs"] as? [String: Any] ?? [:]).count == 1)
    let missed = try program.run(asked + ["retry=[]", "no_face=error"])
    #expect(missed.status == 1 && missed.errors.contains("no face was found"))
  }

  @Test func `memory stays flat over many photos`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let photos = try FileManager.default.contentsOfDirectory(atPath: Assets.path("face/lfw/images")).sorted()
      .filter { $0.hasSuffix(".jpg") }.map { Assets.path("face/lfw/images/\($0)") }
    // 5,000 with WEFT_LONG.
    func peak(_ count: Int) throws -> Int {
      let folder = program.folder.appendingPathComponent("photos-\(count)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for index in 0..<count {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appendingPathComponent("\(index).jpg").path, withDestinationPath: photos[index % photos.count])
      }
      let process = try program.start([
        "run", "face/encode.json", "photo=photos-\(count)", Self.scrfd, Self.encoder, "--cache", "off", "--out",
        "out-\(count)", "--progress", "none",
      ])
      var peak = 0
      while process.isRunning {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        if let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") }),
          let value = line.split(separator: " ").dropLast().last.flatMap({ Int($0) })
        {
          peak = value
        }
        usleep(20_000)
      }
      #expect(process.terminationStatus == 0)
      return peak
    }
    let (few, many) = (try peak(Self.isLong ? 500 : 10), try peak(Self.isLong ? 5000 : 30))
    #expect(Double(many) <= Double(few) * (Self.isLong ? 1.05 : 1.25), "\(few) kB, then \(many) kB")
  }
}
