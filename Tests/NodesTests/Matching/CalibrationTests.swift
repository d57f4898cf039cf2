import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct CalibrationTests {
  /// Overlapping samples with ties.
  private func samples(_ genuine: Int, _ impostor: Int) -> (genuine: [Double], impostor: [Double]) {
    var random = TestRandom(seed: 12)
    func draw(_ count: Int, _ centre: Float) -> [Double] {
      (0..<count).map { _ in
        Double((centre + random.floats(1)[0] * 0.6 + random.floats(1)[0] * 0.4) * 20).rounded() / 20
      }
    }
    return (draw(genuine, 0.7), draw(impostor, 1.3))
  }

  @Test func ratesAndAreaAreThoseOfCounting() {
    let (genuine, impostor) = samples(300, 400)
    let calibration = Calibration(genuine: genuine, impostor: impostor)
    for threshold in [0, 0.5, 0.95, 1, 1.05, 3] {
      #expect(calibration.far(threshold) == Double(impostor.count { $0 <= threshold }) / 400)
      #expect(abs(calibration.frr(threshold) - Double(genuine.count { $0 > threshold }) / 300) < 1e-12)
    }
    var wins = 0.0
    for a in genuine { for b in impostor { wins += a < b ? 1 : a == b ? 0.5 : 0 } }
    #expect(abs(calibration.areaUnderCurve - wins / 120_000) < 1e-12)
  }

  @Test func thresholdsAndErrorsAreTheBestThereAre() {
    let (genuine, impostor) = samples(300, 400)
    let calibration = Calibration(genuine: genuine, impostor: impostor)
    let all = Set(genuine + impostor).sorted()
    let gap = all.map { abs(calibration.far($0) - calibration.frr($0)) }.min()!
    let equal = calibration.equalErrorRate
    #expect(abs(abs(calibration.far(equal.threshold) - calibration.frr(equal.threshold)) - gap) < 1e-12)
    let best = all.map { t in genuine.count { $0 <= t } + impostor.count { $0 > t } }.max()!
    #expect(calibration.bestAccuracy.accuracy == Double(best) / 700)
    let right = calibration.bestAccuracy.threshold
    #expect(genuine.count { $0 <= right } + impostor.count { $0 > right } == best)
    for far in [0.3, 0.1, 0.05] {
      let threshold = calibration.threshold(far: far)!
      #expect(calibration.far(threshold) <= far)
      // The next distance would be too much.
      let next = all.first { $0 > threshold }!
      #expect(calibration.far(next) > far || calibration.far(next) == calibration.far(threshold))
    }
  }

  @Test func tooFewPairsSupportNoRate() {
    #expect(Calibration.needed(far: 0.1) == 20 && Calibration.needed(far: 0.001) == 1000)
    let few = Calibration(genuine: [0.1], impostor: Array(repeating: 1, count: 999))
    #expect(few.threshold(far: 0.001) == nil)
    #expect(Calibration(genuine: [0.1], impostor: Array(repeating: 1, count: 1000)).threshold(far: 0.001) != nil)
  }

  /// statsmodels' proportion_confint(8, 10, method="wilson") and scipy's norm.ppf(0.975).
  @Test func intervalsAreWilsons() {
    #expect(abs(Calibration.quantile(confidence: 0.95) - 1.959963984540054) < 1e-9)
    let (low, high) = Calibration.interval(8, of: 10, z: 1.959963984540054)
    #expect(abs(low - 0.490162) < 1e-6 && abs(high - 0.943318) < 1e-6)
    #expect(Calibration.interval(0, of: 0, z: 2) == (0, 1))
  }

  @Test func theOpRefusesWhatItCannotTell() throws {
    func tensor(_ numbers: [Double]) -> Value { .tensor(Tensor(shape: [numbers.count], numbers.map { Float($0) })) }
    let (genuine, impostor) = samples(50, 200)
    #expect(
      message { _ = try run(Calibrate.op, ["genuine": tensor([0.5]), "impostor": tensor(impostor)]) }
        == "1 genuine and 200 impostor pairs are too few to calibrate with: at least 20 of each are needed")
    #expect(
      message { _ = try run(Calibrate.op, ["genuine": tensor(genuine), "impostor": tensor(impostor)]) }
        == "200 impostor pairs cannot support a FAR of 0.001: 1000 are needed; use more people or a larger far")
    let result = try run(
      Calibrate.op, ["genuine": tensor(genuine), "impostor": tensor(impostor)], ["far": 0.05, "points": 11])
    guard case .record(let report) = result[0], let rows = report["at_far"]?.list, case .record(let last) = rows[3]
    else {
      Issue.record("no report")
      return
    }
    #expect(last["refused"]?.text == "200 impostor pairs; 10000 are needed")
    #expect(result[1].table?.rows.count == 11 && result[1].table?.columns == ["threshold", "far", "frr"])
    guard case .record(let recommended)? = report["recommended"] else { return }
    #expect(recommended["threshold"]?.scalar == result[2].scalar)
  }
}
