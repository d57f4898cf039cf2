import Foundation
import Glibc
import Models
import TestSupport
import Testing

/// What a training tells on its way, and what it does when the disk has no more room.
@Suite struct TrainingReportTests {
  @Test func `the summary lists every layer of the body with its parameters`() throws {
    let program = try TrainingTests.prepared()
    defer { program.remove() }
    let graph = TrainingTests.whole.replacingOccurrences(
      of: #""log": "fit.log","#, with: #""log": "fit.log", "summary": "fit.summary","#)
    try program.write(graph, "g.json")
    let outcome = try program.run(["run", "g.json", "pictures=pictures", "steps=2", "--out", "a"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let layers = try #require(
      try JSONSerialization.jsonObject(with: program.data("a/summary.json")) as? [[String: Any]])
    func layer(_ name: String) -> [String: Any]? { layers.first { $0["layer"] as? String == name } }
    let conv = try #require(layer("fit/net/conv"))
    #expect(conv["op"] as? String == "nn.conv2d" && conv["shape"] as? [Int] == [5, 4, 8, 8])
    // The bias is frozen: 4 x 3 x 3 x 3 of 112 have a gradient.
    #expect(conv["parameters"] as? Int == 112 && conv["trainable"] as? Int == 108)
    // Scale and shift move by gradient, mean and variance by themselves.
    let norm = try #require(layer("fit/net/norm"))
    #expect(norm["parameters"] as? Int == 16 && norm["trainable"] as? Int == 8)
    let fc = try #require(layer("fit/net/fc"))
    #expect(fc["shape"] as? [Int] == [5, 2] && fc["parameters"] as? Int == 4 * 64 * 2 + 2)
    let sum = layers.compactMap { $0["parameters"] as? Int }.reduce(0, +)
    let file = try WeightFile(program.folder.appendingPathComponent("a/weights.safetensors").path)
    #expect(sum == file.headers.reduce(0) { $0 + $1.shape.reduce(1, *) })
  }

  @Test func `a terminal shows steps, samples a second, loss and the time left`() throws {
    let program = try TrainingTests.prepared()
    defer { program.remove() }
    let (master, slave) = try Self.terminal()
    var size = winsize(ws_row: 30, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: WeftProgram.path)
    process.arguments = ["run", "g.json", "pictures=pictures", "steps=300", "--cache", "off"]
    process.currentDirectoryURL = program.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    try process.run()
    close(slave)
    // Reading ends with an error once nobody has the other end open.
    var seen: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while case let count = read(master, &piece, piece.count), count > 0 { seen += piece[..<count] }
    close(master)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = String(decoding: seen, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    let running = try #require(lines.first { $0.contains("left") }, "\(lines)")
    let words = try #require(
      running.firstMatch(of: /fit  (\d+)\/300  ([\d.]+) steps\/s  ([\d.]+) samples\/s  loss [\d.]+  .* left/))
    // Batches of five.
    let (steps, samples) = (Double(words.2)!, Double(words.3)!)
    #expect(abs(samples - 5 * steps) < 0.3 + 0.01 * samples, "\(running)")
    #expect(lines.contains { $0.contains("fit  300/300") && $0.contains("samples/s") && $0.contains("  in ") })
  }

  @Test func `a disk without room for the state is named, and the training ends as it would have`() throws {
    let program = try TrainingTests.prepared()
    defer { program.remove() }
    let run = ["run", "g.json", "pictures=pictures"]
    let whole = try program.run(run + ["--cache", "off", "--out", "whole", "steps=12"])
    try #require(whole.status == 0, "\(whole.errors)")
    let started = try program.run(run + ["--cache", "cache", "--out", "first"] + ["steps=6"])
    try #require(started.status == 0, "\(started.errors)")

    // No file may pass 8 KiB: the state of this training does, its results do not.
    let words = ([WeftProgram.path] + run + ["steps=12", "--cache", "cache", "--out", "out"]).map { "'\($0)'" }
    let limited = try Self.shell(
      program, "trap '' XFSZ; ulimit -f 16; exec \(words.joined(separator: " ")) 2>errors.txt")
    let errors = String(decoding: try program.data("errors.txt"), as: UTF8.self)
    #expect(limited == 0, "\(errors)")
    #expect(
      errors.contains("warning[checkpoint]: the state after step 9 could not be written to"), "\(errors)")
    #expect(errors.contains(": File too large; the run goes on"), "\(errors)")
    #expect(errors.contains("an interrupted run resumes at step 6, whose state is kept"), "\(errors)")
    #expect(errors.components(separatedBy: "warning[checkpoint]").count == 2, "said once")
    for file in TrainingTests.files {
      #expect(try program.data("out/\(file)") == program.data("whole/\(file)"), "\(file)")
    }
    let verified = try program.run(["cache", "verify", "--cache", "cache"])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  @Test func `a disk without room for a result is named with the file, and the file before stays`() throws {
    let program = try TrainingTests.prepared()
    defer { program.remove() }
    let run = ["run", "g.json", "pictures=pictures", "--out", "out", "--cache", "cache"]
    let first = try program.run(run + ["steps=6"])
    try #require(first.status == 0, "\(first.errors)")
    let before = try program.data("out/weights.safetensors")
    let words = ([WeftProgram.path] + run + ["steps=7"]).map { "'\($0)'" }
    let status = try Self.shell(
      program, "trap '' XFSZ; ulimit -f 1; exec \(words.joined(separator: " ")) 2>errors.txt")
    #expect(status == 1)
    let errors = String(decoding: try program.data("errors.txt"), as: UTF8.self)
    #expect(errors.contains("cannot write") && errors.contains("File too large"), "\(errors)")
    #expect(try program.data("out/weights.safetensors") == before)
  }

  /// Both ends of a pseudo-terminal; Glibc shows Swift no posix_openpt. TIOCSPTLCK unlocks it, TIOCGPTN tells its number.
  private static func terminal() throws -> (master: Int32, slave: Int32) {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, UInt32) = (0, 0)
    try #require(master >= 0 && ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
    let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    try #require(slave >= 0)
    return (master, slave)
  }

  /// Runs a line of shell in the program's folder; its status.
  static func shell(_ program: WeftProgram, _ line: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = program.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
