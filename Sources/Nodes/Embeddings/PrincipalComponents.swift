import Kernels
import Language
import Tensors

/// Points seen along the directions in which they differ most.
public enum PrincipalComponents {
  public static let op = Op(
    "embed.pca",
    doc: """
      The coordinates [N, count] of N vectors [N, D] (or of a list of N tensors, each flattened) along their principal \
      components, largest variance first, and the share of the variance each one explains. The largest entry of each \
      direction is positive, so that signs do not wander.
      """,
    inputs: [Port("x", "any", .one, "[N, D], or a list of N tensors of one size")],
    outputs: [Port("points", "tensor<f32>"), Port("explained", "tensor<f32>")],
    params: [Param("count", .int(1...1024), default: .int(2), "components")],
    infer: { facts throws(Fault) in
      let count = Dim(facts.attributes.int("count"))
      return [.f32([facts.tensor("x").shape?.first ?? .symbol("?n"), count]), .f32([count])]
    },
    action: .host(
      Host { call throws(Fault) in
        let rows = try Vectors(call, "x")
        let wanted = call.attributes.int("count")
        guard rows.count > 0 else { throw .failed("there are no vectors") }
        let (n, d) = (rows.count, rows.length)
        var mean = [Double](repeating: 0, count: d)
        for i in 0..<n { for j in 0..<d { mean[j] += rows.values[i * d + j] / Double(n) } }
        var centred = rows.values
        for i in 0..<n { for j in 0..<d { centred[i * d + j] -= mean[j] } }
        // The smaller of the two matrices of inner products has the same eigenvalues.
        let isWide = d > n
        let size = isWide ? n : d
        var products = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
          for j in 0...i {
            var sum = 0.0
            if isWide {
              for k in 0..<d { sum += centred[i * d + k] * centred[j * d + k] }
            } else {
              for k in 0..<n { sum += centred[k * d + i] * centred[k * d + j] }
            }
            (products[i * size + j], products[j * size + i]) = (sum, sum)
          }
        }
        guard let eigen = SymmetricEigen(products, count: size) else {
          throw .failed("the vectors hold NaN or infinity")
        }
        let total = eigen.values.reduce(0.0) { $0 + max($1, 0) }
        var points = [Float](repeating: 0, count: n * wanted)
        var explained = [Float](repeating: 0, count: wanted)
        for component in 0..<min(wanted, size) {
          let place = size - 1 - component
          let value = max(eigen.values[place], 0)
          explained[component] = total > 0 ? Float(value / total) : 0
          var direction = (0..<size).map { eigen.vectors[$0 * size + place] }
          if isWide {
            let left = direction
            direction = (0..<d).map { j in (0..<n).reduce(0.0) { $0 + centred[$1 * d + j] * left[$1] } }
            let length = direction.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
            if length > 0 { direction = direction.map { $0 / length } }
          }
          if let largest = direction.max(by: { abs($0) < abs($1) }), largest < 0 { direction = direction.map { -$0 } }
          for i in 0..<n {
            points[i * wanted + component] = Float((0..<d).reduce(0.0) { $0 + centred[i * d + $1] * direction[$1] })
          }
        }
        return [.tensor(Tensor(shape: [n, wanted], points)), .tensor(Tensor(shape: [wanted], explained))]
      }))
}

/// Vectors of one length from a matrix or from a list of tensors.
struct Vectors {
  let count: Int
  let length: Int
  let values: [Double]

  init(_ call: HostCall, _ port: String) throws(Fault) {
    switch call.value(port) {
    case .tensor(let tensor)?:
      guard tensor.rank == 2 else {
        throw .failed("port \"\(port)\" carries \(tensor.shape); rows of numbers are needed")
      }
      (count, length, values) = (tensor.shape[0], tensor.shape[1], tensor.numbers)
    case .list(let items)?:
      var all: [Double] = []
      var length: Int?
      for item in items {
        guard case .tensor(let tensor) = item else { throw .wrongValue(port, "list of tensors", item) }
        guard length == nil || length == tensor.count else {
          throw .failed("port \"\(port)\": tensors of \(length!) and of \(tensor.count) elements")
        }
        length = tensor.count
        all += tensor.numbers
      }
      (count, self.length, values) = (items.count, length ?? 0, all)
    default: throw .wrongValue(port, "matrix or list of tensors", call.value(port))
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(PrincipalComponents.op, $0) }
