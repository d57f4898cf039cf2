import CExpat
import Language

/// An element of an XML document, read whole. Document types are refused, and with them entities of the document's own.
public struct XMLTree: Sendable {
  public var name: String
  public var attributes: [String: String]
  public var children: [XMLTree]
  /// The text directly inside, without the elements'.
  public var text: String
  /// Where it starts.
  public let line: Int

  public func child(_ name: String) -> XMLTree? { children.first { $0.name == name } }

  /// The text as numbers between spaces; nil when something else stands there.
  public var numbers: [Double]? {
    var numbers: [Double] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }) {
      guard let number = Double(word), number.isFinite else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// How deep elements may stand in each other.
  static let maximumDepth = 64
  /// How many elements a document may have.
  static let maximumCount = 4_000_000

  /// The root element. `path` is for messages.
  public static func parse(_ bytes: UnsafeRawBufferPointer, path: String) throws(Fault) -> XMLTree {
    guard let parser = XML_ParserCreate(nil) else { throw .badXML(path, 0, "out of memory") }
    defer { XML_ParserFree(parser) }
    let reader = Reader(parser)
    // The reader outlives the parser's last call.
    XML_SetUserData(parser, Unmanaged.passUnretained(reader).toOpaque())
    XML_SetElementHandler(
      parser,
      { data, name, attributes in XMLTree.built(data).open(name, attributes) },
      { data, _ in XMLTree.built(data).close() })
    XML_SetCharacterDataHandler(parser) { data, text, count in
      XMLTree.built(data).add(UnsafeRawBufferPointer(start: text, count: Int(count)))
    }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in XMLTree.built(data).stop("it has a document type") }
    var start = 0
    var isFine = true
    // The parser counts in 32 bits.
    repeat {
      let count = min(bytes.count - start, 1 << 24)
      let isLast = start + count == bytes.count
      let part = bytes.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
      isFine = XML_Parse(parser, part, Int32(count), isLast ? 1 : 0) == XML_STATUS_OK
      start += count
    } while isFine && start < bytes.count
    let line = Int(XML_GetCurrentLineNumber(parser))
    if let reason = withExtendedLifetime(reader, { reader.reason }) { throw .badXML(path, line, reason) }
    guard isFine else {
      throw .badXML(path, line, XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unreadable")
    }
    guard let root = reader.root else { throw .badXML(path, line, "no element found") }
    return root
  }

  private static func built(_ data: UnsafeMutableRawPointer?) -> Reader {
    Unmanaged<Reader>.fromOpaque(data!).takeUnretainedValue()
  }

  /// What the parser's callbacks build.
  private final class Reader {
    private let parser: XML_Parser
    private var stack: [XMLTree] = []
    private var texts: [[UInt8]] = []
    private var count = 0
    var root: XMLTree?
    var reason: String?

    init(_ parser: XML_Parser) { self.parser = parser }

    func open(_ name: UnsafePointer<CChar>?, _ list: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
      count += 1
      if stack.count >= XMLTree.maximumDepth { return stop("elements stand more than \(XMLTree.maximumDepth) deep") }
      if count > XMLTree.maximumCount { return stop("it has more than \(XMLTree.maximumCount) elements") }
      var attributes: [String: String] = [:]
      var at = 0
      while let list, let key = list[at], let value = list[at + 1] {
        attributes[String(cString: key)] = String(cString: value)
        at += 2
      }
      stack.append(
        XMLTree(
          name: name.map { String(cString: $0) } ?? "", attributes: attributes, children: [], text: "",
          line: Int(XML_GetCurrentLineNumber(parser))))
      texts.append([])
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
      if !texts.isEmpty { texts[texts.count - 1].append(contentsOf: bytes) }
    }

    func close() {
      guard var element = stack.popLast(), let text = texts.popLast() else { return }
      element.text = String(decoding: text, as: UTF8.self)
      if stack.isEmpty { root = element } else { stack[stack.count - 1].children.append(element) }
    }

    func stop(_ reason: String) {
      if self.reason == nil { self.reason = reason }
      XML_StopParser(parser, 0)
    }
  }
}
