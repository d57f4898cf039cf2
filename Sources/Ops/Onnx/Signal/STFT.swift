import Language
import Tensors

/// ONNX STFT (17): the spectra of windowed frames of a signal [batch, length, 1 or 2], [batch, frames, bins, 2].
enum STFT {
  static let op = OnnxOperator.make(
    "STFT", "The spectra of frames of a signal.", "signal frame_step window? frame_length?", "output",
    [.flag("onesided", 1)],
    infer: { facts throws(Fault) in [Inference.tensor(facts.tensor("signal").dtype, Inference.unknown(rank: 4))] }
  ) { call throws(Fault) in
    let x = try call.tensor("signal").requireFloat("signal")
    guard x.rank == 2 || x.rank == 3 && (x.shape[2] == 1 || x.shape[2] == 2) else {
      throw .rank("signal", x.shape, "[batch, length, 1 or 2]")
    }
    let parts = x.rank == 3 ? x.shape[2] : 1
    let window = try call.optional("window")
    guard let step = try call.integer(at: "frame_step"), step > 0 else { throw .noTensor("frame_step") }
    let length = try call.integer(at: "frame_length") ?? window?.count ?? x.shape[1]
    guard length > 0, length <= x.shape[1] else { throw .attribute("frame_length", "\(length) is out of range") }
    if let window, window.count != length { throw .extents("window", window.shape, [length]) }
    let weights = window?.doubles() ?? Array(repeating: 1, count: length)
    let frames = 1 + (x.shape[1] - length) / step
    let bins = call.flag("onesided") ? length / 2 + 1 : length
    let shape = [x.shape[0], frames, bins, 2]
    var result: [Double] = []
    result.reserveCapacity(try Extents.count(shape))
    let (values, fourier) = (x.doubles(), Fourier(length: length, isInverse: false))
    for signal in 0..<x.shape[0] {
      for frame in 0..<frames {
        let start = (signal * x.shape[1] + frame * step) * parts
        let re = (0..<length).map { values[start + $0 * parts] * weights[$0] }
        let im = (0..<length).map { parts == 2 ? values[start + $0 * parts + 1] * weights[$0] : 0 }
        let spectrum = fourier.transform(re, im)
        for bin in 0..<bins { result += [spectrum.real[bin], spectrum.imaginary[bin]] }
      }
    }
    return [.rounding(result, shape, to: x.dtype)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(STFT.op, $0) }
