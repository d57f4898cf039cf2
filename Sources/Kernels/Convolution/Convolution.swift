import CKernels

/// How positions outside a plane are read.
public enum PadMode: Int32, Sendable, Hashable, CaseIterable {
  case zero = 0
  /// Mirrored about the edge element, which is not repeated; pads must be smaller than the plane.
  case reflect = 1
  /// The edge element, repeated.
  case replicate = 2
}

/// Elements added on each side of a plane; negative ones crop.
public struct Pads: Sendable, Hashable {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  public init(all: Int) { self.init(top: all, left: all, bottom: all, right: all) }
}

/// A pair of sizes along height and width.
public struct Extent: Sendable, Hashable {
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }
}

/// The sizes of a 2-D convolution (cross-correlation): x [batch, channels, height, width], weight [outputs,
/// channels / groups, kernel height, kernel width], y [batch, outputs, output height, output width], all dense floats.
///
/// Forward and gradients are split into chunks by sizes alone; each output element is summed in an order that does not
/// depend on the chunk or the batch it is in. Methods are in one file per direction.
public struct Convolution: Sendable, Hashable {
  public let batch: Int
  public let channels: Int
  public let input: Extent
  public let outputs: Int
  public let kernel: Extent
  public let stride: Extent
  public let dilation: Extent
  public let groups: Int
  public let pads: Pads
  public let padMode: PadMode
  public let output: Extent

  /// Kernel extents are at most 64. The output size is floor((size + pads - dilation * (kernel - 1) - 1) / stride) + 1.
  public init(
    batch: Int, channels: Int, input: Extent, outputs: Int, kernel: Extent, stride: Extent = Extent(1, 1),
    dilation: Extent = Extent(1, 1), groups: Int = 1, pads: Pads = Pads(), padMode: PadMode = .zero
  ) {
    precondition(groups >= 1 && channels % groups == 0 && outputs % groups == 0, "groups must divide the channels")
    precondition(kernel.height <= 64 && kernel.width <= 64, "a kernel is at most 64 x 64")
    self.batch = batch
    self.channels = channels
    self.input = input
    self.outputs = outputs
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    self.pads = pads
    self.padMode = padMode
    let rows = input.height + pads.top + pads.bottom - dilation.height * (kernel.height - 1) - 1
    let columns = input.width + pads.left + pads.right - dilation.width * (kernel.width - 1) - 1
    output = Extent(rows < 0 ? 0 : rows / stride.height + 1, columns < 0 ? 0 : columns / stride.width + 1)
  }

  /// Bytes of scratch that one chunk of any direction needs.
  public var scratchBytes: Int { Gemm.scratchBytes + paddedGradientBytes }

  var groupChannels: Int { channels / groups }
  var groupOutputs: Int { outputs / groups }
  var taps: Int { groupChannels * kernel.height * kernel.width }
  var inputArea: Int { input.height * input.width }
  var outputArea: Int { output.height * output.width }
  var isDepthwise: Bool { groupChannels == 1 && groupOutputs == 1 }

  /// What the C loops want to know.
  var window: weft_window { window(over: input, padTop: pads.top, padLeft: pads.left) }

  func window(over size: Extent, padTop: Int, padLeft: Int) -> weft_window {
    weft_window(
      channels: groupChannels, height: size.height, width: size.width, output_height: output.height,
      output_width: output.width, kernel_height: kernel.height, kernel_width: kernel.width,
      stride_height: stride.height, stride_width: stride.width, dilation_height: dilation.height,
      dilation_width: dilation.width, pad_top: padTop, pad_left: padLeft, pad_mode: padMode.rawValue)
  }
}

/// Splits 0..<count into parts of `size`.
func part(_ index: Int, of count: Int, size: Int) -> Range<Int> {
  let begin = min(count, index * size)
  return begin..<min(count, begin + size)
}

/// How many parts of `size` cover `count`, at least 1.
func parts(_ count: Int, size: Int) -> Int { max(1, (count + size - 1) / size) }
