import Language
import Tensors

/// A value of an ONNX graph during import: what is known of it, and how it is made when somebody needs it.
final class OnnxValue {
  /// Element type and extents, as far as they are known.
  let type: TensorType
  private var made: GraphValue?
  private let make: (() throws(Fault) -> GraphValue)?
  private let numbers: (() throws(Fault) -> Tensor)?
  private var known: OnnxContents??
  /// The convolution that made it, for folding what follows into it.
  var convolution: OnnxConvolution?
  /// The name of the tensor of the file's own graph that this is.
  let initializer: String?

  /// A value of the graph under assembly.
  init(_ value: GraphValue, in assembly: any GraphAssembly) {
    made = value
    make = nil
    initializer = nil
    type = assembly.type(of: value).tensor ?? TensorType(dtype: nil, shape: nil)
    if case .tensor(let tensor)? = assembly.known(value) {
      numbers = { () throws(Fault) in tensor }
    } else {
      numbers = nil
    }
  }

  /// A tensor that lies in the file.
  init(
    dtype: DType, shape: [Int], initializer: String? = nil, numbers: @escaping () throws(Fault) -> Tensor,
    make: @escaping () throws(Fault) -> GraphValue
  ) {
    type = TensorType(dtype: dtype, shape: shape.map { Dim($0) })
    self.numbers = numbers
    self.make = make
    self.initializer = initializer
  }

  /// Integers that shape arithmetic found, perhaps with symbols in them; `make` computes them when the graph runs.
  init(_ contents: OnnxContents, make: @escaping () throws(Fault) -> GraphValue) {
    type = TensorType(dtype: contents.dtype, shape: contents.shape.map { Dim($0) })
    known = .some(contents)
    numbers = nil
    initializer = nil
    self.make = make
  }

  /// The value in the graph.
  func value() throws(Fault) -> GraphValue {
    if let made { return made }
    let value = try make!()
    made = value
    return value
  }

  /// The numbers, where they are known before the run without computing.
  func tensor() throws(Fault) -> Tensor? { try numbers?() }

  var isConstant: Bool { numbers != nil }

  /// The integers in it, where they are few and known before the run.
  func contents() throws(Fault) -> OnnxContents? {
    if let known { return known }
    var found: OnnxContents?
    if numbers != nil, let shape = type.concrete?.shape, OnnxContents.fits(shape), let tensor = try tensor() {
      found = OnnxContents(tensor)
    }
    known = .some(found)
    return found
  }

  var rank: Int? { type.shape?.count }
  var isFloat32: Bool { type.dtype == .f32 }
}
