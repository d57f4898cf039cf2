import Foundation
import Language
import TestSupport

@testable import Gallery

let encoder = EncoderIdentity(model: "aaaaaaaaaaaa", name: "net", recipe: "aligned 112", dimension: 16)

/// A gallery in a folder of its own, which the test removes.
struct Scratch {
  let folder = Assets.temporaryFolder()
  var path: String { folder.appendingPathComponent("people").path }

  func gallery() throws -> SQLiteGallery { try SQLiteGallery(path, create: true) }

  func remove() { Assets.remove(folder) }
}

/// The message with which `body` fails; "no fault" when it does not.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch let fault as Fault {
    return fault.message
  } catch {
    return "\(error)"
  }
}

/// Random vectors of length 1.
func units(_ count: Int, _ dimension: Int = 16, seed: UInt64) -> [[Float]] {
  var random = TestRandom(seed: seed)
  return (0..<count).map { _ in UnitVector.of(random.floats(dimension))! }
}

func sample(_ person: String, _ embedding: [Float], source: String = "a.jpg") -> NewSample {
  NewSample(person: person, embedding: embedding, source: source, photo: "0123", time: 5)
}

/// The best matches by plain arithmetic over all samples in Double.
func bruteForce(
  _ samples: [(person: String, embedding: [Float])], _ query: [Float], top: Int, mean: Bool = false
) -> [(person: String, cosine: Double)] {
  let unit = UnitVector.of(query)!
  var best: [String: Double] = [:]
  for (person, group) in Dictionary(grouping: samples, by: \.person) {
    let scores =
      mean
      ? [UnitVector.dot(unit, UnitVector.mean(group.map { UnitVector.of($0.embedding)! })!)]
      : group.map { UnitVector.dot(unit, UnitVector.of($0.embedding)!) }
    best[person] = scores.max()!
  }
  return best.map { (person: $0.key, cosine: $0.value) }
    .sorted { $0.cosine != $1.cosine ? $0.cosine > $1.cosine : $0.person < $1.person }.prefix(top).map { $0 }
}
