import Tensors

/// What is remembered of one execution under its key.
struct ResultRecord: Sendable, Equatable {
  var op: String
  /// Digests of the results, one per result.
  var digests: [Digest]
  /// Digests of the files that the results came from, sorted.
  var sources: [Digest]
  /// What it took to compute, seconds.
  var seconds: Double
  /// Bytes of the results in memory.
  var bytes: Int
  /// Seconds since 1970.
  var when: Int

  func encoded() -> ByteWriter {
    var writer = ByteWriter()
    writer.put(op)
    writer.put(digests)
    writer.put(sources)
    writer.put(seconds)
    writer.put(bytes)
    writer.put(when)
    return writer
  }

  init(op: String, digests: [Digest], sources: [Digest], seconds: Double, bytes: Int, when: Int) {
    self.op = op
    self.digests = digests
    self.sources = sources
    self.seconds = seconds
    self.bytes = bytes
    self.when = when
  }

  init?(_ buffer: Buffer) {
    var reader = ByteReader(buffer)
    do {
      op = try reader.text()
      digests = try reader.digests()
      sources = try reader.digests()
      seconds = try reader.double()
      bytes = try reader.int()
      when = try reader.int()
    } catch { return nil }
    if reader.remaining != 0 { return nil }
  }
}
