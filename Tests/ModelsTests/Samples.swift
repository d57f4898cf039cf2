import Foundation
import Language
import Tensors
import Testing

@testable import Models

/// The files of Tools/reference/arrays.py.
struct Samples: Decodable {
  struct Contents: Decodable {
    let dtype: String
    let shape: [Int]
    let values: [Double]

    func expect(_ tensor: Tensor, _ name: String) {
      #expect(tensor.dtype.rawValue == dtype, "\(name)")
      #expect(tensor.shape == shape, "\(name)")
      #expect(tensor.converted(to: .f64).elements(Double.self) == values, "\(name)")
    }
  }
  struct File: Decodable { let file: Data }
  struct Archive: Decodable {
    let file: Data
    let members: [String: Contents]
  }
  struct Array: Decodable {
    let file: Data
    let contents: Contents

    enum Keys: String, CodingKey { case file }

    init(from decoder: any Decoder) throws {
      file = try decoder.container(keyedBy: Keys.self).decode(Data.self, forKey: .file)
      contents = try Contents(from: decoder)
    }
  }

  let npy: [String: Array]
  let npz: [String: Archive]
  let pickled: File
  let structured: File
  let text: File
  let safetensors: File

  static let all: Samples = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/arrays.json")
    return try! JSONDecoder().decode(Samples.self, from: Data(contentsOf: file))
  }()
}

/// The bytes as memory that a reader takes.
func memory(_ bytes: some Collection<UInt8>) -> Buffer {
  let buffer = Buffer(byteCount: bytes.count, zeroed: true)
  UnsafeMutableRawBufferPointer(start: buffer.bytes, count: bytes.count).copyBytes(from: bytes)
  return buffer
}

/// A folder that is removed when `body` returns.
func withFolder<R>(_ body: (String) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-models-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

func write(_ bytes: some Collection<UInt8>, to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func contents(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

/// A safetensors file of this header text and so many bytes of data.
func safetensors(_ header: String, data: Int) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
    + Array(repeating: 0, count: data)
}

/// Counter-based randomness (SplitMix64), so that a failing round can be repeated alone.
struct SeededBits: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}

/// One to four random changes: bytes set, bits flipped, parts cut, repeated or moved.
func mutated(_ bytes: [UInt8], _ seed: Int) -> [UInt8] {
  var random = SeededBits(state: UInt64(seed))
  var bytes = bytes
  for _ in 0...Int.random(in: 0..<4, using: &random) where !bytes.isEmpty {
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: bytes[place] = [0, 0xFF, 0x7F, 0x80, 0x22, 0x39].randomElement(using: &random)!
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...16, using: &random)))
    case 4:
      let part = bytes[place..<min(bytes.count, place + Int.random(in: 1...16, using: &random))]
      bytes.insert(contentsOf: Array(part), at: Int.random(in: 0...bytes.count, using: &random))
    default: bytes.removeLast(bytes.count - place)
    }
  }
  return bytes
}

/// Rounds of the header fuzz.
let fuzzRounds = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 1_000 : 100_000

/// The message with which `body` fails; "no fault" when it does not.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch let fault as Fault {
    return fault.message
  } catch { return "\(error)" }
}
