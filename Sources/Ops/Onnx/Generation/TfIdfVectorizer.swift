import Language
import Tensors

/// ONNX TfIdfVectorizer (9) of integers: how often each n-gram of a pool appears in each row, with up to `max_skip_count`
/// elements left out between its members; weighted as `mode` says. Pools of strings are refused.
enum TfIdfVectorizer {
  static let op = OnnxOperator.make(
    "TfIdfVectorizer", "Counts of n-grams.", "X", "Y",
    [
      .attribute(required: "mode", words: ["TF", "IDF", "TFIDF"]), .attribute(required: "min_gram_length", .positive),
      .attribute(required: "max_gram_length", .positive), .attribute(required: "max_skip_count", .natural),
      .ints(required: "ngram_counts"), .ints(required: "ngram_indexes"), .ints("pool_int64s"), .strings("pool_strings"),
      .floats("weights"),
    ], infer: Inference.types(.f32)
  ) { call throws(Fault) in
    guard let pool = call.ints("pool_int64s") else { throw .refused("TfIdfVectorizer of strings is not supported") }
    let x = try call.tensor("X")
    let values = try x.integers("X")
    guard x.rank <= 2 else { throw .rank("X", x.shape, "[C] or [B,C]") }
    let grams = try Grams(pool, call.attributes)
    let width = (grams.columns.max() ?? -1) + 1
    let rows = x.rank == 2 ? x.shape[0] : 1
    let length = rows == 0 ? 0 : values.count / rows
    _ = try Extents.count([rows, width])
    var counts = Array(repeating: 0.0, count: rows * width)
    for row in 0..<rows {
      grams.count(Array(values[(row * length)..<((row + 1) * length)])) { counts[row * width + $0] += 1 }
    }
    let mode = call.attributes.string("mode")
    let weights = call.attributes.has("weights") ? call.attributes.numbers("weights") : []
    guard weights.isEmpty || weights.count >= width else { throw .listLength("weights", weights.count, width) }
    let result = counts.enumerated().map { at, count in
      let weight = weights.isEmpty ? 1 : weights[at % max(1, width)]
      return switch mode {
      case "TF": count
      case "IDF": count > 0 ? weight : 0
      default: count * weight
      }
    }
    return [.rounding(result, x.rank == 2 ? [rows, width] : [width], to: .f32)]
  }

  /// The n-grams of the pool, each with the column of the result where it is counted.
  private struct Grams {
    private var places: [[Int]: Int] = [:]
    let columns: [Int]
    private let lengths: ClosedRange<Int>
    private let maximumSkip: Int

    init(_ pool: [Int], _ attributes: Attributes) throws(Fault) {
      columns = attributes.ints("ngram_indexes")
      let (shortest, longest) = (attributes.int("min_gram_length"), attributes.int("max_gram_length"))
      guard shortest <= longest, longest <= 1024 else {
        throw .attribute("max_gram_length", "\(longest) is out of range")
      }
      lengths = shortest...longest
      maximumSkip = min(attributes.int("max_skip_count"), 1 << 20)
      let starts = attributes.ints("ngram_counts") + [pool.count]
      guard columns.allSatisfy({ $0 >= 0 }) else { throw .attribute("ngram_indexes", "an index is negative") }
      var number = 0
      for size in 1..<max(1, starts.count) {
        guard starts[size - 1] >= 0, starts[size - 1] <= starts[size], starts[size] <= pool.count else {
          throw .attribute("ngram_counts", "the counts do not grow within the pool")
        }
        for start in stride(from: starts[size - 1], through: starts[size] - size, by: size) {
          guard number < columns.count else { throw .listLength("ngram_indexes", columns.count, number + 1) }
          if lengths.contains(size), places[Array(pool[start..<(start + size)])] == nil {
            places[Array(pool[start..<(start + size)])] = columns[number]
          }
          number += 1
        }
      }
    }

    /// Calls `found` with the column of every n-gram in a row. Single elements are counted once, whatever is skipped.
    func count(_ row: [Int], _ found: (Int) -> Void) {
      for skip in 1...(maximumSkip + 1) {
        if skip > max(1, row.count) { break }
        for size in lengths where size > 1 || skip == 1 {
          let span = (size - 1) * skip
          for start in 0..<max(0, row.count - span) {
            if let column = places[(0..<size).map { row[start + $0 * skip] }] { found(column) }
          }
        }
      }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TfIdfVectorizer.op, $0) }
