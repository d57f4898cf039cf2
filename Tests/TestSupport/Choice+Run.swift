import Language

extension Choice {
  /// What the kernel makes of one operand, chunk by chunk: `count` elements in the order of its result.
  public func result(of operand: [Float], count: Int) -> [Float] {
    var result = [Float](repeating: .nan, count: count)
    operand.withUnsafeBytes { x in
      result.withUnsafeMutableBytes { y in
        withUnsafePointer(to: x.baseAddress!) { operand in
          withUnsafePointer(to: y.baseAddress!) { target in
            for chunk in 0..<chunks {
              run(
                KernelCall(
                  operands: operand, results: target, scratch: y.baseAddress!, chunk: chunk, seed: 0, step: 0))
            }
          }
        }
      }
    }
    return result
  }
}
