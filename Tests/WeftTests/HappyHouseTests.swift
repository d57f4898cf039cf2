import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// OpenFace's nn4.small2 with its real weights, as far as they could be had: 5 of 37 kernels are missing, so the layers
/// up to inception_3b and parts of 3c are compared, and the whole net runs on seeded weights.
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct HappyHouseTests {
  private static let taps = [
    "conv1_bn_relu": "relu1", "pool1": "pool1", "conv2": "relu2", "conv3": "relu3", "pool2": "pool2",
    "inception_3a": "inception_3a", "inception_3b": "inception_3b", "inception_3c_5x5_branch": "inception_3c_5x5_relu2",
    "inception_3c_3x3_conv1": "inception_3c_3x3_relu1", "inception_3c_pool_branch": "inception_3c_pool_pad",
  ]

  private static func image(_ name: String) -> String { Assets.path("face/happy_house/images/\(name)") }

  /// The CSV files as a weight file, with the shapes that Tools/converters/nn4-small2-shapes.json gives.
  private func weights(_ program: WeftProgram) throws -> String {
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = [
      "tar", "-xJf", Assets.path("face/openface_nn4small2/weights-csv.tar.xz"), "-C", program.folder.path,
    ]
    try tar.run()
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
    let shapesFile = WeftProgram.checkout.appendingPathComponent("Tools/converters/nn4-small2-shapes.json")
    let shapes = try JSONDecoder().decode([String: [Int]].self, from: Data(contentsOf: shapesFile))
    let folder = program.folder.appendingPathComponent("weights")
    var tensors: [(name: String, tensor: Tensor)] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let name = String(file.dropLast(4))
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let numbers = text.split { $0 == "," || $0.isNewline }.compactMap { Float($0) }
      tensors.append((name, Tensor(shape: shapes[name] ?? [numbers.count], numbers)))
    }
    let path = program.folder.appendingPathComponent("openface.safetensors").path
    try Safetensors.write(tensors, to: path)
    return path
  }

  private func rename() throws -> String {
    let graph = WeftProgram.checkout.appendingPathComponent("Graphs/face/happy-house.json")
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: graph)) as? [String: Any]
    let params = root?["params"] as? [String: [String: Any]]
    let table = try #require(params?["rename"]?["default"])
    return String(decoding: try JSONSerialization.data(withJSONObject: table), as: UTF8.self)
  }

  @Test func layersOnRealWeightsAreThoseOfTheReference() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let weights = try weights(program)
    let names = HappyHouseTests.taps.sorted { $0.key < $1.key }
    try program.write(
      """
      {
        "format": 1, "inputs": { "photo": "file" },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "small": { "op": "image.resize", "in": { "image": "load" }, "with": { "width": 96, "height": 96 } },
          "x": { "op": "image.to_tensor", "in": { "image": "small" } },
          "net": {
            "op": "networks/nn4-small2.json", "in": { "x": "x" },
            "weights": { "file": "\(weights)", "rename": \(try rename()) }
          }
        },
        "outputs": { \(names.map { "\"\($0.key)\": \"net.\($0.value)\"" }.joined(separator: ", ")) }
      }
      """, "layers.json")
    let run = try program.run([
      "run", "layers.json", "photo=\(Assets.path("face/happy_house/images"))", "--out", "out", "--progress", "none",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let table = try String(
      contentsOfFile: Assets.path("face/happy_house/golden_partial/layer_stats.csv"), encoding: .utf8)
    var compared = 0
    for line in table.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",").map(String.init)
      guard cells.count >= 8 else { continue }
      let stem = cells[0].components(separatedBy: ".")[0]
      let tensor = try NPY.read(program.folder.appendingPathComponent("out/\(stem)/\(cells[1]).npy").path)
      #expect(tensor.shape.map(String.init).joined(separator: "x") == cells[2])
      let numbers = tensor.elements(Float.self).map(Double.init)
      let sum = numbers.reduce(0, +)
      let norm = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      func near(_ value: Double, _ cell: String, _ what: String) {
        let want = Double(cell) ?? .nan
        #expect(abs(value - want) <= 1e-4 * abs(want), "\(cells[0]) \(cells[1]) \(what): \(value) for \(want)")
      }
      near(sum, cells[3], "sum")
      near(norm, cells[5], "norm")
      near(numbers.max() ?? 0, cells[6], "largest")
      compared += 1
    }
    #expect(compared == 180)
    for (stem, layer) in [
      ("camera_0", "conv1_bn_relu"), ("camera_0", "inception_3b"), ("younes", "conv1_bn_relu"),
      ("younes", "inception_3b"),
    ] {
      let want = try NPY.read(Assets.path("face/happy_house/golden_partial/\(stem)_\(layer).npy"))
        .elements(Float.self)
      let got = try NPY.read(program.folder.appendingPathComponent("out/\(stem)/\(layer).npy").path)
        .elements(Float.self)
      try #require(want.count == got.count)
      let largest = want.map(abs).max() ?? 0
      let worst = zip(want, got).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst <= 1e-4 * largest, "\(stem) \(layer): \(worst) of \(largest)")
    }
  }

  private func door(_ arguments: [String], _ program: WeftProgram) throws -> [String: Any] {
    let run = try program.run(
      [
        "run", "face/happy-house.json",
        "people=\(["younes.jpg", "kian.jpg"].map(HappyHouseTests.image).joined(separator: ","))",
      ]
        + arguments + ["--json", "--out", "out"])
    try #require(run.status == 0, "\(run.errors)")
    return try #require(run.items.first?["outputs"] as? [String: Any])
  }

  /// The lines of the course; the distances are those of seeded weights.
  @Test func theDoorSpeaksAsInTheCourse() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let photo = "photo=\(HappyHouseTests.image("camera_0.jpg"))"
    let welcome = try door([photo, "name=younes"], program)
    let distance = try #require(welcome["distance"] as? Double)
    #expect(distance > 0 && distance < 0.7)
    #expect(welcome["match"] as? Bool == true && welcome["message"] as? String == "It's younes, welcome home!")
    let away = try door([photo, "name=kian", "threshold=0.001"], program)
    #expect(away["match"] as? Bool == false && away["message"] as? String == "It's not kian, please go away")
    let known = try door(["photo=\(HappyHouseTests.image("kian.jpg"))", "mode=who_is_it"], program)
    #expect(known["message"] as? String == "it's kian, the distance is 0.0" && known["name"] as? String == "kian")
    let nobody = try door([photo, "mode=who_is_it", "threshold=0.001"], program)
    #expect(nobody["message"] as? String == "Not in the database.")
  }
}
