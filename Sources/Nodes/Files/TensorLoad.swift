import Language
import Models
import Tensors

/// Reads an array.
public enum TensorLoad {
  public static let op = Op(
    "tensor.load",
    doc: """
      Reads an .npy file, as f32 unless told otherwise, or the numbers of a .csv file without a header: [rows, columns].
      """,
    inputs: [Port("file", "file", .one, "an .npy or .csv file")], outputs: [Port("tensor", "tensor")],
    params: [
      Param(
        "as", .choice(DType.allCases.map(\.rawValue) + ["keep"]), default: .string("f32"),
        "element type; keep is what the file holds, f32 for .csv")
    ],
    infer: { facts throws(Fault) in
      let dtype = DType(rawValue: facts.attributes.string("as"))
      guard case .file(let path)? = facts.value("file"), facts.probe != nil, let found = try? NPY.probe(path) else {
        return [.tensor(TensorType(dtype: dtype, shape: nil))]
      }
      return [.tensor(TensorType(dtype: dtype ?? found.dtype, shape: found.shape.map { Dim($0) }))]
    },
    action: .host(
      Host(queue: .io) { call throws(Fault) in
        let path = try call.path("file")
        let tensor = path.hasSuffix(".csv") ? try numbers(path) : try NPY.read(path)
        return [.tensor(DType(rawValue: call.attributes.string("as")).map { tensor.converted(to: $0) } ?? tensor)]
      }))

  /// The cells of a CSV file, all numbers, as f32.
  private static func numbers(_ path: String) throws(Fault) -> Tensor {
    let rows = CSVText.rows(String(decoding: try FileContent.bytes(path), as: UTF8.self))
    let columns = rows.first?.count ?? 0
    var elements: [Float] = []
    elements.reserveCapacity(rows.count * columns)
    for (index, row) in rows.enumerated() {
      guard row.count == columns else {
        throw .badTable(path, "row \(index + 1) has \(row.count) cells, the first has \(columns)")
      }
      for cell in row {
        guard let number = Float(cell.trimmed) else {
          throw .badTable(path, "row \(index + 1): \"\(cell)\" is no number")
        }
        elements.append(number)
      }
    }
    return Tensor(shape: [rows.count, columns], elements)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TensorLoad.op, $0) }
