import Foundation

/// Runs the `weft` program that was built with the tests, as a user would.
public struct WeftProgram: Sendable {
  public struct Outcome: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String

    /// The JSON objects that `--json` printed, one per line.
    public var items: [[String: Any]] {
      output.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }
  }

  /// A folder of this test's own; the cache is in it.
  public let folder: URL

  /// Makes a fresh folder, in which the program runs.
  public init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  public func remove() { try? FileManager.default.removeItem(at: folder) }

  public static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The program beside the test bundle, or the one that WEFT_PROGRAM names: long runs measure the release build.
  public static let path: String = {
    if let other = ProcessInfo.processInfo.environment["WEFT_PROGRAM"] { return other }
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let candidates = [folder] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    for candidate in candidates {
      let program = candidate.appendingPathComponent("weft").path
      if FileManager.default.isExecutableFile(atPath: program) { return program }
    }
    folder = checkout.appendingPathComponent(".build/debug")
    return folder.appendingPathComponent("weft").path
  }()

  /// Starts the program; the caller waits or kills.
  public func start(_ arguments: [String], environment: [String: String] = [:], output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: WeftProgram.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["WEFT_HOME": folder.appendingPathComponent("home").path].merging(environment) { $1 }
    ) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Starts the program with its results in a file.
  public func start(_ arguments: [String], output: URL) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: WeftProgram.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["WEFT_HOME": folder.appendingPathComponent("home").path]
    ) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs to the end.
  public func run(
    _ arguments: [String], environment: [String: String] = [:], input: String = ""
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: WeftProgram.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["WEFT_HOME": folder.appendingPathComponent("home").path].merging(environment) { $1 }
    ) { $1 }
    // Files, not pipes: a full pipe would stop the program.
    let name = UUID().uuidString
    let outputFile = folder.appendingPathComponent(".out-\(name)")
    let errorFile = folder.appendingPathComponent(".err-\(name)")
    let inputFile = folder.appendingPathComponent(".in-\(name)")
    for file in [outputFile, errorFile] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    try input.write(to: inputFile, atomically: false, encoding: .utf8)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    defer { for file in [inputFile, outputFile, errorFile] { try? FileManager.default.removeItem(at: file) } }
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOf: outputFile, encoding: .utf8),
      errors: try String(contentsOf: errorFile, encoding: .utf8))
  }

  /// Writes a file into the folder.
  public func write(_ text: String, _ name: String) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  public func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

  /// A CSV file with a header line.
  public func table(_ name: String) throws -> (header: String, rows: [[Double]]) {
    let lines = String(decoding: try data(name), as: UTF8.self).split(separator: "\n")
    return (String(lines[0]), lines.dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } })
  }
}
