import Language

/// Steps that follow each other and can run for one image of a batch after the other, all of them before the next image.
/// What they hand to each other then stays in cache, and memory for it is needed once per thread, not per image.
struct ImageSpan {
  let steps: Range<Int>
  let images: Int
  /// Bytes of an image, by value: of those that nothing outside reads, which get memory per thread.
  let own: [ValueID: Int]

  /// The spans of a program that a team of that width runs.
  /// - Parameters:
  ///   - isFixed: of values, whether their memory is not the program's to choose.
  ///   - owners: of values, the value whose memory they use, -1 where there is none; aliases are left out as well.
  static func spans(
    _ nodes: [Blueprint.Operation], _ storage: [Blueprint.Storage], isFixed: [Bool], owners: [ValueID], width: Int
  ) -> [ImageSpan] {
    guard nodes.contains(where: { images($0) != nil }) else { return [] }
    var isShared = isFixed
    for (value, owner) in owners.enumerated() where owner >= 0 && value != owner {
      isShared[value] = true
      isShared[owner] = true
    }
    var readers = Array(repeating: [Int](), count: owners.count)
    for (step, node) in nodes.enumerated() { for value in node.operands { readers[value].append(step) } }
    var spans: [ImageSpan] = []
    var start = 0
    while start < nodes.count {
      guard let count = images(nodes[start]), isWorth(count, width: width) else {
        start += 1
        continue
      }
      var end = start + 1
      var made = Set(nodes[start].results)
      // What is the same for all images must be there before the first.
      while end < nodes.count, images(nodes[end]) == count,
        nodes[end].operands.indices.allSatisfy({
          nodes[end].choice.images!.operands.contains($0) || !made.contains(nodes[end].operands[$0])
        })
      {
        made.formUnion(nodes[end].results)
        end += 1
      }
      var own: [ValueID: Int] = [:]
      for value in made where !isShared[value] {
        if readers[value].allSatisfy({ (start..<end).contains($0) }) {
          own[value] = storage[value].byteCount / count
        }
      }
      if !own.isEmpty { spans.append(ImageSpan(steps: start..<end, images: count, own: own)) }
      start = end
    }
    return spans
  }

  private static func images(_ node: Blueprint.Operation) -> Int? {
    guard let images = node.choice.images, images.count > 1, node.choice.chunks % images.count == 0 else { return nil }
    return images.count
  }

  /// Threads take whole images: there must be enough for all of them to end at about the same time.
  private static func isWorth(_ images: Int, width: Int) -> Bool {
    images >= 4 * width || (images >= 2 * width && images % width == 0)
  }
}
