import Foundation
import Glibc
import Synchronization

/// A small HTTP server on this machine, for tests of downloads. It serves files that the test gives it, with ranges,
/// and misbehaves where it is told to.
public final class LoopbackServer: Sendable {
  public struct Resource: Sendable {
    public var bytes: [UInt8]
    public var tag = "\"1\""
    /// Ends the connection after so many bytes of the body.
    public var cutAfter: Int?
    /// Answers every request for a part with all of it.
    public var ignoresRanges = false
    /// Sends elsewhere.
    public var location: String?

    public init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  public struct Request: Sendable {
    public let path: String
    public let range: String?
  }

  public let port: Int
  private let listener: Int32
  private let resources: Mutex<[String: Resource]>
  private let log = Mutex<[Request]>([])

  public init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
        if bind(descriptor, address, length) != 0 || listen(descriptor, 16) != 0 { return -1 }
        return getsockname(descriptor, address, &length)
      }
    }
    guard listener >= 0, status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    resources = Mutex([:])
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        answer(connection)
        close(connection)
      }
    }
  }

  /// Ends the server; to be called by the test.
  public func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  public func url(_ name: String) -> String { "http://127.0.0.1:\(port)/\(name)" }

  public func serve(_ resource: Resource, as name: String) { resources.withLock { $0["/" + name] = resource } }

  /// What was asked for so far.
  public var requests: [Request] { log.withLock { $0 } }

  private func answer(_ connection: Int32) {
    var text = ""
    var piece = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = read(connection, &piece, piece.count)
      if count <= 0 { return }
      text += String(decoding: piece[..<count], as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    func header(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ":") }.map {
        $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
      }
    }
    let path = lines[0].components(separatedBy: " ").dropFirst().first ?? "/"
    log.withLock { $0.append(Request(path: path, range: header("range"))) }
    guard let resource = resources.withLock({ $0[path] }) else {
      return send(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", [])
    }
    if let location = resource.location {
      return send(
        connection, "HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", [])
    }
    var start = 0
    let isSame = header("if-range").map { $0 == resource.tag } ?? true
    if !resource.ignoresRanges, isSame, let range = header("range"), let first = Int(range.dropFirst(6).dropLast()) {
      start = first
    }
    guard start < max(1, resource.bytes.count) else {
      return send(
        connection, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", [])
    }
    let body = Array(resource.bytes[start...])
    let head =
      (start > 0
        ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes \(start)-\(resource.bytes.count - 1)/\(resource.bytes.count)\r\n"
        : "HTTP/1.1 200 OK\r\n")
      + "ETag: \(resource.tag)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    send(connection, head, resource.cutAfter.map { Array(body.prefix($0)) } ?? body)
  }

  private func send(_ connection: Int32, _ head: String, _ body: [UInt8]) {
    let bytes = Array(head.utf8) + body
    var done = 0
    while done < bytes.count {
      let step = bytes.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress! + done, $0.count - done, Int32(MSG_NOSIGNAL))
      }
      if step <= 0 { return }
      done += step
    }
  }
}
