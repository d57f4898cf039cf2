import Glibc
import Tensors

/// What a reduction makes of the elements it takes together.
protocol Fold: Sendable {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T
}

enum SumFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    var sum = T.zero
    for value in values { sum = T.sum(sum, value) }
    return sum
  }
}

enum ProductFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    var product = T.one
    for value in values { product = T.product(product, value) }
    return product
  }
}

/// Of at least one value.
enum LargestFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    var best = values[0]
    for value in values { best = T.larger(best, value) }
    return best
  }
}

/// Of at least one value.
enum SmallestFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    var best = values[0]
    for value in values { best = T.smaller(best, value) }
    return best
  }
}

/// Integers are cut off towards zero.
enum MeanFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    T.quotient(SumFold.apply(values), T(real: Double(values.count)))
  }
}

enum MagnitudeFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    var sum = T.zero
    for value in values { sum = T.sum(sum, T.magnitude(value)) }
    return sum
  }
}

enum SquareFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    var sum = T.zero
    for value in values { sum = T.sum(sum, T.product(value, value)) }
    return sum
  }
}

enum LengthFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    T(real: values.reduce(0.0) { $0 + $1.real * $1.real }.squareRoot())
  }
}

enum LogSumFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    T(real: log(values.reduce(0.0) { $0 + $1.real }))
  }
}

/// ln Σ e^x, shifted by the largest x so that nothing overflows.
enum LogSumExpFold: Fold {
  static func apply<T: Number>(_ values: UnsafeBufferPointer<T>) -> T {
    let largest = values.reduce(-Double.infinity) { Double.larger($0, $1.real) }
    guard largest.isFinite else { return T(real: largest) }
    return T(real: largest + log(values.reduce(0.0) { $0 + exp($1.real - largest) }))
  }
}
