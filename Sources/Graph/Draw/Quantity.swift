/// Times and sizes for people: three significant digits and a unit.
public enum Quantity {
  public static func seconds(_ value: Double) -> String {
    switch value {
    case ..<1e-6: "\(rounded(value * 1e9)) ns"
    case ..<1e-3: "\(rounded(value * 1e6)) µs"
    case ..<1: "\(rounded(value * 1e3)) ms"
    case ..<120: "\(rounded(value)) s"
    case ..<7200: "\(Int(value) / 60) min \(Int(value) % 60) s"
    default: "\(Int(value) / 3600) h \(Int(value) % 3600 / 60) min"
    }
  }

  public static func bytes(_ count: Int) -> String {
    let value = Double(count)
    return switch value {
    case ..<1000: "\(count) B"
    case ..<1e6: "\(rounded(value / 1e3)) kB"
    case ..<1e9: "\(rounded(value / 1e6)) MB"
    default: "\(rounded(value / 1e9)) GB"
    }
  }

  private static func rounded(_ value: Double) -> String {
    let scale = value >= 100 ? 1.0 : value >= 10 ? 10.0 : 100.0
    let result = (value * scale).rounded() / scale
    return result == result.rounded() ? String(Int(result)) : String(result)
  }
}
