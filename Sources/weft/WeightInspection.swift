import Graph
import Models
import Nodes
import Tensors

/// What `weft models inspect` says of a file of named tensors.
struct WeightInspection {
  private let path: String
  private let headers: [TensorHeader]

  init(_ file: WeightFile, path: String) {
    self.path = path
    headers = file.headers
  }

  private var parameters: Int { headers.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  var text: String {
    let lines = headers.map { "  \($0.name): \($0.dtype.rawValue)\($0.shape)" }
    return (["\(path): \(headers.count) tensors, \(parameters) parameters"] + lines).joined(separator: "\n")
  }

  var json: String {
    let tensors = headers.map { header in
      "\(JSONText.quoted(header.name)):{\"dtype\":\(JSONText.quoted(header.dtype.rawValue)),"
        + "\"shape\":[\(header.shape.map(String.init).joined(separator: ","))]}"
    }
    return "{\"path\":\(JSONText.quoted(path)),\"parameters\":\(parameters),"
      + "\"tensors\":{\(tensors.joined(separator: ","))}}"
  }
}
