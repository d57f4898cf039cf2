import Language

/// Gemm (ONNX operator set 7, 9, 11, 13): alpha · A · B + beta · C of matrices.
enum OnnxGemmRule {
  static let rule = OnnxRule("Gemm") { node throws(Fault) in
    guard node.isFloat32, let a = node.input(0), let b = node.input(1), a.rank == 2, b.rank == 2 else { return nil }
    let (alpha, beta) = (try node.float("alpha") ?? 1, try node.float("beta") ?? 1)
    let transposeA = try node.int("transA") ?? 0 != 0
    let transposeB = try node.int("transB") ?? 0 != 0
    let c = beta == 0 ? nil : node.input(2)
    let isVector = c.map { $0.rank == 1 && $0.type.shape![0] == b.type.shape![transposeB ? 0 : 1] } ?? true
    if !transposeA, transposeB, alpha == 1, beta == 1, isVector {
      return [try node.emit("nn.linear", [a, b, c], ["bias": .bool(false)])]
    }
    var result = try node.emit(
      "nn.matmul", [a, b], ["transpose_a": .bool(transposeA), "transpose_b": .bool(transposeB)])
    if alpha != 1 { result = try node.emit("math.scale", [result], ["by": .float(alpha)]) }
    guard let c else { return [result] }
    let scaled = beta == 1 ? c : try node.emit("math.scale", [c], ["by": .float(beta)])
    return [try node.emit("math.add", [result, scaled])]
  }
}

/// MatMul (ONNX operator set 1, 9, 13) of two or more dimensions.
enum OnnxMatMulRule {
  static let rule = OnnxRule("MatMul") { node throws(Fault) in
    guard node.isFloat32, let a = node.input(0), let b = node.input(1), a.rank ?? 0 >= 2, b.rank ?? 0 >= 2 else {
      return nil
    }
    return [try node.emit("nn.matmul", [a, b])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxGemmRule.rule, $0) }
@used @section("weft_onnx") private let matMulEntry: OnnxEntry = { OnnxRules.collect(OnnxMatMulRule.rule, $0) }
