/// What a 3 x 3 convolution costs by Winograd's transforms, with tiles of 4 x 4 or 6 x 6 results, and how it is split. The
/// choice of a tile depends on one image only, so that batching changes no bit.
enum WinogradCost {
  /// Wide tiles take a fifth fewer products where they fit the picture, but almost twice the memory for weights, and lose
  /// four times the precision: small layers have more to lose than to gain.
  static func prefersWide(_ convolution: Convolution) -> Bool {
    min(convolution.channels, convolution.outputs) >= 64
      && seconds(convolution, tile: 6) < 0.95 * seconds(convolution, tile: 4)
  }

  /// Seconds of one core at 113 GFLOP/s, which the register kernel reaches from 64 channels on. A tile of one block of
  /// channels takes about 100 ns to transform and back where it is 4 x 4, and 200 where it is 6 x 6; weights come from the
  /// third-level cache or from memory.
  static func seconds(_ convolution: Convolution, tile: Int) -> Double {
    let tiles = Double(convolution.tiles(tile))
    let (inputs, results) = (Blocked.blocks(convolution.channels), Blocked.blocks(convolution.outputs))
    let weights = Double((tile + 2) * (tile + 2) * convolution.channels * convolution.outputs)
    let (into, out) = tile == 4 ? (130e-9, 105e-9) : (210e-9, 195e-9)
    return tiles * (2 * weights / 113e9 + Double(inputs) * into + Double(results) * out) + 4 * weights / 10e9
  }

  /// Whether the input gradient of a convolution turns the convolution's own transformed weights as it reads them. From
  /// 512 channels on a second copy would be up to 67 MB a layer, and turning costs a twentieth of the time; where there are
  /// fewer channels, weights are small and turning would cost more.
  static func turns(_ forward: Convolution, _ algorithm: BlockedConvolution.Algorithm) -> Bool {
    guard algorithm.tile != nil, max(forward.channels, forward.outputs) > 256 else { return false }
    return forward.channels % 32 == 0 && forward.outputs % 32 == 0
      && BlockedConvolution(forward)?.algorithm == algorithm
  }

  /// How the tiles of a convolution are split.
  struct Split: Sendable {
    /// How many tiles are transformed at a time.
    let group: Int
    /// What pieces are made of, and how many there are: as many for each of two threads, of about one size.
    let unit: Int
    let pieces: Int
    /// Outputs of a chunk.
    let outputs: Int

    /// The tiles of a piece, of so many in all.
    func tiles(_ piece: Int, of count: Int) -> Range<Int> {
      let units = parts(count, size: unit)
      return min(count, units * piece / pieces * unit)..<min(count, units * (piece + 1) / pieces * unit)
    }
  }

  static func split(_ convolution: Convolution, tile: Int) -> Split {
    let (channels, outputs) = (convolution.channels, convolution.outputs)
    let tiles = max(1, convolution.batch * convolution.tiles(tile))
    let widest = max(channels, outputs)
    if widest <= 128 {
      // Transformed tiles stay in the second-level cache, and while they are multiplied those that come next are fetched.
      // About a millisecond per chunk, but enough chunks for several threads.
      let group = 12
      let each = 2 * Double((tile + 2) * (tile + 2) * channels * outputs * group) / 113e9
      let groups = max(1, min(8, Int(1e-3 / each), parts(tiles, size: 8 * group)))
      return Split(
        group: group, unit: group, pieces: even(parts(tiles, size: group * groups), of: parts(tiles, size: group)),
        outputs: outputs)
    }
    if tiles <= 96 {
      // Too few tiles to split: each part reads its share of the weights once instead.
      return Split(group: tiles, unit: tiles, pieces: 1, outputs: max(32, (outputs / 4 + 31) / 32 * 32))
    }
    // More tiles per pass over the transformed weights are worth more than the cache.
    let ideal = widest > 256 ? 64 : tile == 4 ? 24 : 48
    let units = parts(tiles, size: 4)
    let pieces = even(parts(tiles, size: ideal), of: units)
    return Split(group: 4 * parts(units, size: pieces), unit: 4, pieces: pieces, outputs: outputs)
  }

  /// The next even number of pieces, as far as there are units for them.
  private static func even(_ pieces: Int, of units: Int) -> Int { min(units, pieces + pieces % 2) }
}
